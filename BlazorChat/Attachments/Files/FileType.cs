using System.Text;

namespace BlazorChat.Attachments.Files;

/// <summary>How a format holds location and camera.</summary>
internal enum FileMetadata
{
    /// <summary>None: it is no picture and no recording, and is stored unchanged.</summary>
    None,

    /// <summary>In parts of a picture that are cut out (<see cref="Metadata.PictureMetadata"/>).</summary>
    Picture,

    /// <summary>In boxes that are overwritten (<see cref="Metadata.BoxMetadata"/>).</summary>
    Boxes,

    /// <summary>In elements that are overwritten (<see cref="Metadata.MatroskaMetadata"/>).</summary>
    Matroska,

    /// <summary>In chunks that are overwritten (<see cref="Metadata.RiffMetadata"/>).</summary>
    Riff,

    /// <summary>All over it: nothing here removes it.</summary>
    NotRemovable,
}

/// <summary>Finds the type of a file by its first bytes. Its name and the uploader's claim are not trusted.</summary>
internal static class FileType
{
    public const string Unknown = "application/octet-stream";

    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Gif = "image/gif";
    public const string WebP = "image/webp";

    /// <summary>The bytes that <c>Of</c> needs.</summary>
    public const int HeadLength = 64;

    private const string Mp4Video = "video/mp4";
    private const string Mp4Audio = "audio/mp4";
    private const string Mp3 = "audio/mpeg";
    private const string Wav = "audio/wav";
    private const string WebM = "video/webm";
    private const string WebMAudio = "audio/webm";
    private const string Matroska = "video/x-matroska";
    private const string Avi = "video/x-msvideo";
    private const string QuickTime = "video/quicktime";
    private const string Heic = "image/heic";
    private const string Avif = "image/avif";
    private const string Tiff = "image/tiff";
    private const string JpegXl = "image/jxl";
    private const string Jpeg2000 = "image/jp2";

    /// <summary>A file of boxes with an unknown brand.</summary>
    private const string OtherBoxes = "application/mp4";

    // Types that a browser shows without running anything in them.
    private static readonly HashSet<string> Shown =
        [Jpeg, Png, Gif, WebP, Mp4Video, WebM, WebMAudio, Mp4Audio, Mp3, "audio/ogg", Wav, "audio/flac"];

    public static bool IsPicture(string type) => type is Jpeg or Png or Gif or WebP;

    public static bool IsVideo(string type) => Shown.Contains(type) && type.StartsWith("video/", StringComparison.Ordinal);

    public static bool IsAudio(string type) => Shown.Contains(type) && type.StartsWith("audio/", StringComparison.Ordinal);

    /// <summary>True for what may be shown in the page; everything else is only to be saved.</summary>
    public static bool IsShown(string type) => Shown.Contains(type);

    /// <summary>
    /// The type of a voice message that was recorded by a browser; null for what none records. The formats of films hold sound alone as well, which
    /// their first bytes do not tell.
    /// </summary>
    public static string? VoiceTypeOf(string type) => type switch
    {
        WebM => WebMAudio,
        Mp4Video or Mp4Audio => Mp4Audio,
        "audio/ogg" => type,
        _ => null,
    };

    public static FileMetadata MetadataOf(string type) => type switch
    {
        Jpeg or Png or Gif or WebP => FileMetadata.Picture,
        Mp4Video or Mp4Audio or QuickTime or Heic or Avif or OtherBoxes => FileMetadata.Boxes,
        WebM or WebMAudio or Matroska => FileMetadata.Matroska,
        Avi or Wav => FileMetadata.Riff,
        Tiff or JpegXl or Jpeg2000 => FileMetadata.NotRemovable,
        _ => FileMetadata.None,
    };

    public static string Of(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return Jpeg;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
            return Png;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return Gif;
        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
            return OfRiff(head[8..12]);
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
            return OfBrand(Encoding.ASCII.GetString(head[8..12]));
        if (head.Length >= 8 && head[0] < ' ' && OfFirstBox(head[4..8]) is { } boxes)
            return boxes;
        if (IsTiff(head))
            return Tiff;
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return head.IndexOf("webm"u8) > 0 ? WebM : Matroska;
        if (head.StartsWith("OggS"u8))
            return "audio/ogg";
        if (head.StartsWith("fLaC"u8))
            return "audio/flac";
        if (head.StartsWith("ID3"u8) || (head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2))
            return Mp3;
        return head.StartsWith("%PDF-"u8) ? "application/pdf" : Unknown;
    }

    private static string OfRiff(ReadOnlySpan<byte> form) => Encoding.ASCII.GetString(form) switch
    {
        "WEBP" => WebP,
        "WAVE" => Wav,
        "AVI " => Avi,
        _ => Unknown,
    };

    /// <summary>TIFF, and what cameras make of it: a byte order, and a number that each maker chooses.</summary>
    private static bool IsTiff(ReadOnlySpan<byte> head) =>
        head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8)
        || head.StartsWith("IIRO"u8) || head.StartsWith("IIRS"u8) || head.StartsWith("IIU\0"u8) || head.StartsWith("FUJIFILMCCD-RAW"u8);

    /// <summary>Files of boxes that do not begin with their brand: old QuickTime, JPEG 2000 and JPEG XL.</summary>
    private static string? OfFirstBox(ReadOnlySpan<byte> type) => Encoding.ASCII.GetString(type) switch
    {
        "moov" or "mdat" or "wide" or "free" or "skip" or "pnot" => QuickTime,
        "jP  " => Jpeg2000,
        "JXL " => JpegXl,
        _ => null,
    };

    // ISO 14496-12: the file's own word for which of the many formats of this family it is.
    private static string OfBrand(string brand) => brand switch
    {
        "M4A " or "M4B " => Mp4Audio,
        "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" or "mif1" or "msf1" => Heic,
        "avif" or "avis" => Avif,
        "isom" or "iso2" or "iso4" or "iso5" or "iso6" or "mp41" or "mp42" or "avc1" or "M4V " or "MSNV" or "dash" => Mp4Video,
        "qt  " => QuickTime,
        "crx " => Tiff,
        "jp2 " or "jpx " or "jpm " => Jpeg2000,
        "jxl " => JpegXl,
        _ => OtherBoxes,
    };
}
