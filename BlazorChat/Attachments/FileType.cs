using System.Text;

namespace BlazorChat.Attachments;

/// <summary>What a file is, told by its first bytes: what its name or its uploader say is not believed.</summary>
internal static class FileType
{
    public const string Unknown = "application/octet-stream";

    public const string Jpeg = "image/jpeg";
    public const string Png = "image/png";
    public const string Gif = "image/gif";
    public const string WebP = "image/webp";

    /// <summary>Bytes that one needs to tell.</summary>
    public const int HeadLength = 64;

    private const string Mp4Video = "video/mp4";
    private const string Mp4Audio = "audio/mp4";
    private const string Mp3 = "audio/mpeg";

    // What a browser shows by itself, and runs nothing of.
    private static readonly HashSet<string> Shown =
        [Jpeg, Png, Gif, WebP, Mp4Video, "video/webm", Mp4Audio, Mp3, "audio/ogg", "audio/wav", "audio/flac"];

    public static bool IsPicture(string type) => type is Jpeg or Png or Gif or WebP;

    public static bool IsVideo(string type) => Shown.Contains(type) && type.StartsWith("video/", StringComparison.Ordinal);

    public static bool IsAudio(string type) => Shown.Contains(type) && type.StartsWith("audio/", StringComparison.Ordinal);

    /// <summary>True for what may be shown in the page; everything else is only to be saved.</summary>
    public static bool IsShown(string type) => Shown.Contains(type);

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
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) && head.IndexOf("webm"u8) > 0)
            return "video/webm";
        if (head.StartsWith("OggS"u8))
            return "audio/ogg";
        if (head.StartsWith("fLaC"u8))
            return "audio/flac";
        if (head.StartsWith("ID3"u8) || (head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2))
            return Mp3;
        return head.StartsWith("%PDF-"u8) ? "application/pdf" : Unknown;
    }

    private static string OfRiff(ReadOnlySpan<byte> form)
    {
        if (form.SequenceEqual("WEBP"u8))
            return WebP;
        return form.SequenceEqual("WAVE"u8) ? "audio/wav" : Unknown;
    }

    // ISO 14496-12: the file's own word for which of the many formats of this family it is.
    private static string OfBrand(string brand) => brand switch
    {
        "M4A " or "M4B " => Mp4Audio,
        "heic" or "heix" or "hevc" or "mif1" or "msf1" => "image/heic",
        "avif" or "avis" => "image/avif",
        "isom" or "iso2" or "iso4" or "iso5" or "iso6" or "mp41" or "mp42" or "avc1" or "M4V " or "MSNV" or "dash" => Mp4Video,
        "qt  " => "video/quicktime",
        _ => Unknown,
    };
}
