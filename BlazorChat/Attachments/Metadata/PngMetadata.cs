using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace BlazorChat.Attachments.Metadata;

/// <summary>A PNG is a signature and a row of chunks: length, type, content, CRC-32 of type and content (PNG, third edition, 5.3).</summary>
internal static class PngMetadata
{
    private const int SignatureLength = 8;
    private const string First = "IHDR";
    private const string Last = "IEND";

    /// <summary>The required chunks, and those that change how the picture looks.</summary>
    private static readonly HashSet<string> Kept =
        [First, "PLTE", "IDAT", Last, "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT"];

    public static bool TryRemove(Stream picture, int orientation, Stream clean)
    {
        PictureMetadata.Copy(picture, clean, SignatureLength);
        for (var isFirst = true; ; isFirst = false)
        {
            var head = new byte[8];
            picture.ReadExactly(head);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            var type = Encoding.ASCII.GetString(head, 4, 4);
            if (length > int.MaxValue || isFirst != (type == First) || IsUnknown(type))
                return false;
            var lengthWithSum = (long)length + sizeof(uint);
            if (!Kept.Contains(type))
            {
                PictureMetadata.Skip(picture, lengthWithSum);
                continue;
            }

            clean.Write(head);
            PictureMetadata.Copy(picture, clean, lengthWithSum);
            if (isFirst && orientation != 1)
                WriteOrientation(orientation, clean);
            if (type == Last)
                return true;
        }
    }

    /// <summary>A chunk with a capital first is required to read the picture; this one is unknown.</summary>
    private static bool IsUnknown(string type) => char.IsAsciiLetterUpper(type[0]) && !Kept.Contains(type);

    private static void WriteOrientation(int orientation, Stream clean)
    {
        var exif = PictureMetadata.ExifOf(orientation);
        byte[] chunk = [0, 0, 0, (byte)exif.Length, .. "eXIf"u8, .. exif, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), Crc32.HashToUInt32(chunk.AsSpan(4..^4)));
        clean.Write(chunk);
    }
}
