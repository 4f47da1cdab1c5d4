using System.Buffers.Binary;
using System.Text;

namespace BlazorChat.Attachments;

/// <summary>A WebP is a RIFF file: its length, and a row of chunks of type, length and content, each padded to an even length (RFC 9649).</summary>
internal static class WebPMetadata
{
    private const int HeadLength = 12;
    private const byte HasExif = 0x08;
    private const byte HasXmp = 0x04;

    private static readonly HashSet<string> Kept = ["VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"];

    public static bool TryRemove(Stream picture, int orientation, Stream clean)
    {
        var head = new byte[HeadLength];
        picture.ReadExactly(head);
        var left = (long)BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)) - 4;
        var start = clean.Position;
        clean.Write(head);
        try
        {
            while (left > 0)
                left -= CopyChunk(picture, orientation, clean);
        }
        finally
        {
            if (orientation != 1)
                WriteOrientation(orientation, clean);
            WriteLength(clean, start);
        }

        return left == 0;
    }

    /// <summary>Returns how long it was.</summary>
    private static long CopyChunk(Stream picture, int orientation, Stream clean)
    {
        var head = new byte[8];
        picture.ReadExactly(head);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        length += length & 1;
        var type = Encoding.ASCII.GetString(head, 0, 4);
        if (type == "VP8X")
        {
            clean.Write(head);
            var flags = (byte)(PictureMetadata.ReadByte(picture) & ~(HasExif | HasXmp));
            clean.WriteByte(orientation == 1 ? flags : (byte)(flags | HasExif));
            PictureMetadata.Copy(picture, clean, length - 1);
        }
        else if (Kept.Contains(type))
        {
            clean.Write(head);
            PictureMetadata.Copy(picture, clean, length);
        }
        else
        {
            PictureMetadata.Skip(picture, length);
        }

        return head.Length + length;
    }

    private static void WriteOrientation(int orientation, Stream clean)
    {
        var exif = PictureMetadata.ExifOf(orientation);
        clean.Write([.. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif]);
    }

    private static void WriteLength(Stream clean, long start)
    {
        var end = clean.Position;
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)(end - start - 8));
        clean.Position = start + 4;
        clean.Write(length);
        clean.Position = end;
    }
}
