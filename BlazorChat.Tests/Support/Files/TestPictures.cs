using System.Buffers.Binary;
using System.Text;
using BlazorChat.Attachments;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Thumbnails;
using NetVips;

namespace BlazorChat.Tests.Support.Files;

/// <summary>
/// Pictures as cameras, people and strangers make them. Each is green with a red quarter at the top left, as it is stored, so that
/// a corner tells whether it is upright.
/// </summary>
internal static class TestPictures
{
    private static readonly double[] Green = [0, 160, 0];
    private static readonly double[] Red = [220, 0, 0];

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>A photograph that says where it was taken, and by what.</summary>
    /// <param name="orientation">EXIF's, from 1 to 8.</param>
    public static byte[] Jpeg(int width = 800, int height = 600, int orientation = 1)
    {
        using var picture = Draw(width, height);
        using var photograph = picture.Mutate(image =>
        {
            image.Set(GValue.GIntType, "orientation", orientation);
            image.Set(GValue.GStrType, "exif-ifd0-Make", "A camera");
            image.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "37/1 33/1 0/1");
            image.Set(GValue.GStrType, "exif-ifd3-GPSLatitudeRef", "N");
        });
        return photograph.JpegsaveBuffer(q: 95);
    }

    /// <summary>A picture with nothing written into it, which is kept as it is.</summary>
    public static byte[] Png(int width = 800, int height = 600)
    {
        using var picture = Draw(width, height);
        return picture.PngsaveBuffer(keep: Enums.ForeignKeep.None);
    }

    public static byte[] WebP(int width = 800, int height = 600)
    {
        using var picture = Draw(width, height);
        return picture.WebpsaveBuffer();
    }

    /// <summary>A picture with a profile of its colours, and with a secret wherever its type has room for words.</summary>
    public static byte[] Written(string type, string secret, int orientation)
    {
        using var drawn = Draw(80, 60);
        using var picture = drawn.IccTransform("p3", inputProfile: "srgb");
        using var written = Write(picture, secret, orientation);
        return type switch
        {
            FileType.Jpeg => written.JpegsaveBuffer(),
            FileType.Png => written.PngsaveBuffer(),
            FileType.WebP => written.WebpsaveBuffer(),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    public static byte[] MovingGif(int width, int height, int frames)
    {
        var pictures = Enumerable.Range(0, frames).Select(frame => Draw(width, height, red: frame % 2 == 0)).ToArray();
        using var strip = Image.Arrayjoin(pictures, across: 1);
        using var moving = strip.Mutate(image => image.Set(GValue.GIntType, "page-height", height));
        var gif = moving.GifsaveBuffer(effort: 1);
        foreach (var picture in pictures)
            picture.Dispose();
        return gif;
    }

    /// <summary>A few bytes that say that they are a PNG of this size.</summary>
    /// <param name="bitDepth">Of a channel.</param>
    /// <param name="colour">PNG's: 0 for grey, 2 for colours.</param>
    public static byte[] PngThatClaims(int width, int height, byte bitDepth = 8, byte colour = 0, bool isInterlaced = false)
    {
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9], head[12]) = (bitDepth, colour, (byte)(isInterlaced ? 1 : 0));
        return [.. PngSignature, .. PngChunk("IHDR"u8, head), .. PngChunk("IDAT"u8, [0x78, 0x9C]), .. PngChunk("IEND"u8, [])];
    }

    /// <summary>A chunk of words for a PNG.</summary>
    public static byte[] PngText(string text) => PngChunk("tEXt"u8, Encoding.ASCII.GetBytes($"Comment\0{text}"));

    /// <summary>A GIF of a few bytes that says that its canvas has this size.</summary>
    public static byte[] GifThatClaims(ushort width, ushort height)
    {
        var gif = MovingGif(8, 8, 1);
        // The canvas, and the frame on it.
        var frame = gif.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, 8, 0, 8, 0]) + 5;
        foreach (var offset in new[] { 6, frame })
        {
            BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(offset), width);
            BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(offset + 2), height);
        }

        return gif;
    }

    /// <summary>A photograph of a telephone: 108 million pixels, and where it was taken.</summary>
    public static byte[] LargeJpeg() => Jpeg(12_000, 9_000, orientation: 6);

    /// <summary>A JPEG whose rows come again and again, each time sharper.</summary>
    public static byte[] ProgressiveJpeg(int width, int height)
    {
        using var picture = Draw(width, height);
        return picture.JpegsaveBuffer(interlace: true);
    }

    /// <summary>The picture with two bytes that belong nowhere before one of its markers, which browsers overlook.</summary>
    public static byte[] WithStrayBytes(byte[] jpeg)
    {
        var tables = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        return [.. jpeg[..tables], 0, 0, .. jpeg[tables..]];
    }

    /// <summary>A WebP with words after its picture, and without the last byte, which fills an odd length up.</summary>
    public static byte[] WebPWithoutPadding(string secret)
    {
        var webp = Written(FileType.WebP, secret, orientation: 1);
        var words = Encoding.ASCII.GetBytes(secret.Length % 2 == 0 ? $"{secret}." : secret);
        byte[] file = [.. webp, .. "XMP "u8, (byte)words.Length, 0, 0, 0, .. words];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    /// <summary>A GIF with words in each of its extensions, and a byte too many between two of its parts.</summary>
    public static byte[] GifWithExtraZero(string secret)
    {
        var gif = MovingGif(60, 40, 3);
        var words = Encoding.ASCII.GetBytes(secret);
        return
        [
            .. gif[..^1], 0,
            0x21, 0xFE, (byte)words.Length, .. words, 0,
            0x21, 0xFF, 11, .. "XMP DataXMP"u8, (byte)words.Length, .. words, 0,
            0x21, 0x01, (byte)words.Length, .. words, 0,
            .. gif[^1..],
        ];
    }

    /// <summary>A real AVIF that says where it was taken.</summary>
    public static byte[] Avif(string secret)
    {
        using var picture = Draw(64, 64);
        using var written = Write(picture, secret);
        return written.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, effort: 0);
    }

    public static byte[] Tiff(string secret)
    {
        using var picture = Draw(64, 64);
        using var written = Write(picture, secret);
        return written.TiffsaveBuffer();
    }

    public static byte[] Truncated(byte[] picture) => picture[..(picture.Length / 2)];

    public static byte[] Svg() => "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><script>alert(1)</script></svg>"u8.ToArray();

    public static byte[] Html() => "<!doctype html><script>alert(1)</script>"u8.ToArray();

    public static byte[] Heic() => [0, 0, 0, 0x18, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8];

    /// <summary>Null for what is no picture, or one that is too large to be decoded.</summary>
    public static PictureHeader? HeaderOf(byte[] picture)
    {
        using var content = new MemoryStream(picture);
        return Pictures.ReadHeader(content) is { } header && header.CanBeDecoded(new AttachmentOptions().DecodingMemory) ? header : null;
    }

    /// <summary>Whether the picture is red near a corner.</summary>
    public static bool IsRed(Image picture, bool right, bool bottom)
    {
        var point = picture.Getpoint(picture.Width * (right ? 3 : 1) / 4, picture.Height * (bottom ? 3 : 1) / 4);
        return point[0] > 150 && point[1] < 80;
    }

    private static Image Write(Image picture, string secret, int orientation = 1) => picture.Mutate(image =>
    {
        image.Set(GValue.GIntType, "orientation", orientation);
        image.Set(GValue.GStrType, "exif-ifd0-Make", secret);
        image.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "37/1 33/1 0/1");
        image.Set(GValue.BlobType, "xmp-data", Encoding.UTF8.GetBytes($"<x>{secret}</x>"));
        image.Set(GValue.GStrType, "png-comment-0-Comment", secret);
    });

    private static Image Draw(int width, int height, bool red = true)
    {
        using var black = Image.Black(width, height, bands: 3);
        using var picture = black.Copy(interpretation: Enums.Interpretation.Srgb);
        return picture.Mutate(image =>
        {
            image.DrawRect(Green, 0, 0, width, height, fill: true);
            if (red)
                image.DrawRect(Red, 0, 0, width / 2, height / 2, fill: true);
        });
    }

    private static byte[] PngChunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc(chunk.AsSpan(4..^4)));
        return chunk;
    }

    // As the specification of PNG has it (annex D); .NET itself has another one only.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
