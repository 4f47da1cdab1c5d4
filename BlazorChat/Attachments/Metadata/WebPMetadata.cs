using System.Buffers.Binary;
using System.Text;

namespace BlazorChat.Attachments.Metadata;

/// <summary>A WebP is a RIFF file: its length, and a row of chunks of type, length and content, each padded to an even length (RFC 9649).</summary>
internal static class WebPMetadata
{
    private const int HeadLength = 12;
    private const byte HasExif = 0x08;
    private const byte HasXmp = 0x04;

    private const int HeadOfChunk = 8;

    /// <summary>Bytes of a frame before its chunks: where it stands, how large it is and for how long.</summary>
    private const int HeadOfFrame = 16;

    private const string Extended = "VP8X";
    private const string Frame = "ANMF";

    private static readonly HashSet<string> KeptOfFrame = ["VP8 ", "VP8L", "ALPH"];
    private static readonly HashSet<string> Kept = [.. KeptOfFrame, "ANIM", "ICCP"];

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

        // The last chunk of some has no padding.
        return left is 0 or -1;
    }

    /// <summary>Returns how long it was, with its padding.</summary>
    private static long CopyChunk(Stream picture, int orientation, Stream clean)
    {
        var head = new byte[HeadOfChunk];
        picture.ReadExactly(head);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        var type = Encoding.ASCII.GetString(head, 0, 4);
        if (type == Extended && length > 0)
        {
            clean.Write(head);
            var flags = (byte)(PictureMetadata.ReadByte(picture) & ~(HasExif | HasXmp));
            clean.WriteByte(orientation == 1 ? flags : (byte)(flags | HasExif));
            PictureMetadata.Copy(picture, clean, length - 1);
        }
        else if (type == Frame)
        {
            CopyFrame(head, length, picture, clean);
        }
        else if (Kept.Contains(type))
        {
            clean.Write(head);
            PictureMetadata.Copy(picture, clean, length);
        }
        else
        {
            PictureMetadata.Skip(picture, length + (length & 1));
            return head.Length + length + (length & 1);
        }

        if ((length & 1) == 1)
        {
            picture.ReadByte();
            clean.WriteByte(0);
        }

        return head.Length + length + (length & 1);
    }

    /// <summary>A frame of a picture that moves is chunks, too: those of its picture are copied.</summary>
    private static void CopyFrame(byte[] head, long length, Stream picture, Stream clean)
    {
        var start = clean.Position;
        clean.Write(head);
        if (length < HeadOfFrame)
            throw new InvalidDataException("A frame is shorter than its head.");
        PictureMetadata.Copy(picture, clean, HeadOfFrame);
        for (var left = length - HeadOfFrame; left > 0;)
        {
            var chunk = new byte[HeadOfChunk];
            picture.ReadExactly(chunk);
            long content = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            content += content & 1;
            left -= chunk.Length + content;
            if (left < 0)
                throw new InvalidDataException("A chunk is longer than its frame.");
            var isKept = KeptOfFrame.Contains(Encoding.ASCII.GetString(chunk, 0, 4));
            if (isKept)
                clean.Write(chunk);
            PictureMetadata.Copy(picture, isKept ? clean : Stream.Null, content);
        }

        WriteLength(clean, start);
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
