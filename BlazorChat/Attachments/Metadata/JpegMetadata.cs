using System.Buffers.Binary;

namespace BlazorChat.Attachments;

/// <summary>
/// A JPEG is a row of segments, each a marker and its length (ITU-T T.81, annex B), with the compressed picture after the
/// segments that begin a scan.
/// </summary>
internal static class JpegMetadata
{
    private const byte MarkerStart = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte Jfif = 0xE0;
    private const byte Exif = 0xE1;
    private const byte Profile = 0xE2;
    private const byte Adobe = 0xEE;
    private const byte LastApplication = 0xEF;
    private const byte Comment = 0xFE;

    public static bool TryRemove(Stream picture, int orientation, Stream clean)
    {
        if (PictureMetadata.ReadByte(picture) != MarkerStart || PictureMetadata.ReadByte(picture) != StartOfImage)
            return false;
        clean.Write([MarkerStart, StartOfImage]);
        if (orientation != 1)
            WriteOrientation(orientation, clean);
        for (var marker = ReadMarker(picture); marker is not null;)
        {
            if (marker == EndOfImage)
            {
                clean.Write([MarkerStart, EndOfImage]);
                return true;
            }

            if (!TryCopySegment(marker.Value, picture, clean))
                return false;
            marker = marker == StartOfScan ? CopyScan(picture, clean) : ReadMarker(picture);
        }

        return false;
    }

    private static void WriteOrientation(int orientation, Stream clean)
    {
        byte[] content = [.. "Exif\0\0"u8, .. PictureMetadata.ExifOf(orientation)];
        clean.Write([MarkerStart, Exif, 0, (byte)(content.Length + 2)]);
        clean.Write(content);
    }

    /// <summary>Null where no marker stands.</summary>
    private static byte? ReadMarker(Stream picture)
    {
        if (PictureMetadata.ReadByte(picture) != MarkerStart)
            return null;
        byte marker;
        do
            marker = PictureMetadata.ReadByte(picture);
        while (marker == MarkerStart);
        return marker;
    }

    private static bool TryCopySegment(byte marker, Stream picture, Stream clean)
    {
        Span<byte> length = [PictureMetadata.ReadByte(picture), PictureMetadata.ReadByte(picture)];
        var count = BinaryPrimitives.ReadUInt16BigEndian(length) - length.Length;
        if (count < 0)
            return false;
        var content = new byte[count];
        picture.ReadExactly(content);
        if (!IsKept(marker, content))
            return true;
        clean.Write([MarkerStart, marker, .. length]);
        clean.Write(content);
        return true;
    }

    /// <summary>Of what applications may write, only what a picture looks different without.</summary>
    private static bool IsKept(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        Jfif => content.StartsWith("JFIF\0"u8),
        Profile => content.StartsWith("ICC_PROFILE\0"u8),
        Adobe => content.StartsWith("Adobe"u8),
        Comment or (> Jfif and <= LastApplication) => false,
        _ => true,
    };

    /// <summary>Copies what is compressed, and returns the marker after it. In it, what looks like a marker is followed by 0, or is a restart.</summary>
    private static byte? CopyScan(Stream picture, Stream clean)
    {
        while (true)
        {
            var value = PictureMetadata.ReadByte(picture);
            if (value != MarkerStart)
            {
                clean.WriteByte(value);
                continue;
            }

            byte next;
            do
                next = PictureMetadata.ReadByte(picture);
            while (next == MarkerStart);
            if (next is not (0 or (>= 0xD0 and <= 0xD7)))
                return next;
            clean.Write([MarkerStart, next]);
        }
    }
}
