namespace BlazorChat.Attachments.Metadata;

/// <summary>
/// A GIF is a screen with its colours and a row of blocks: frames and extensions, the content of each in parts of at most 255
/// bytes (GIF89a, sections 15 to 27).
/// </summary>
internal static class GifMetadata
{
    private const int HeadLength = 13;
    private const byte Frame = 0x2C;
    private const byte Extension = 0x21;
    private const byte Trailer = 0x3B;
    private const byte Control = 0xF9;
    private const byte Application = 0xFF;

    public static bool TryRemove(Stream picture, Stream clean)
    {
        var head = new byte[HeadLength];
        picture.ReadExactly(head);
        clean.Write(head);
        PictureMetadata.Copy(picture, clean, LengthOfColours(head[10]));
        while (true)
        {
            switch (PictureMetadata.ReadByte(picture))
            {
                case Frame:
                    CopyFrame(picture, clean);
                    break;
                case Extension:
                    CopyExtension(picture, clean);
                    break;
                case 0:
                    // An empty part too many: browsers go on after it.
                    break;
                case Trailer:
                    clean.WriteByte(Trailer);
                    return true;
                default:
                    return false;
            }
        }
    }

    private static void CopyFrame(Stream picture, Stream clean)
    {
        var frame = new byte[9];
        picture.ReadExactly(frame);
        clean.WriteByte(Frame);
        clean.Write(frame);
        const int CodeSize = 1;
        PictureMetadata.Copy(picture, clean, LengthOfColours(frame[8]) + CodeSize);
        CopyParts(picture, clean);
    }

    private static void CopyExtension(Stream picture, Stream clean)
    {
        var label = PictureMetadata.ReadByte(picture);
        var first = new byte[PictureMetadata.ReadByte(picture)];
        picture.ReadExactly(first);
        var isKept = label switch
        {
            Control => true,
            Application => IsAboutMoving(first),
            _ => false,
        };
        if (isKept)
        {
            clean.Write([Extension, label, (byte)first.Length]);
            clean.Write(first);
        }

        // A first part of no length is the last one, too.
        if (first.Length > 0)
            CopyParts(picture, isKept ? clean : Stream.Null);
    }

    private static void CopyParts(Stream picture, Stream clean)
    {
        byte length;
        do
        {
            length = PictureMetadata.ReadByte(picture);
            clean.WriteByte(length);
            PictureMetadata.Copy(picture, clean, length);
        }
        while (length > 0);
    }

    /// <summary>How often a picture that moves begins again; whatever else applications write is about something else.</summary>
    private static bool IsAboutMoving(ReadOnlySpan<byte> application) =>
        application.SequenceEqual("NETSCAPE2.0"u8) || application.SequenceEqual("ANIMEXTS1.0"u8);

    private static int LengthOfColours(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 0x07) + 1);
}
