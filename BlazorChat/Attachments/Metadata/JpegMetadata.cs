using System.Buffers.Binary;

namespace BlazorChat.Attachments.Metadata;

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

    /// <summary>Bytes of a JFIF segment before the small picture that it may hold.</summary>
    private const int JfifLength = 14;

    private const int AdobeLength = 12;

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

    private static void WriteOrientation(int orientation, Stream clean) =>
        WriteSegment(Exif, [.. "Exif\0\0"u8, .. PictureMetadata.ExifOf(orientation)], clean);

    /// <summary>Null when there is no marker.</summary>
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
        if (!IsOfPicture(marker) && !IsOfApplication(marker))
            return false;
        Span<byte> length = [PictureMetadata.ReadByte(picture), PictureMetadata.ReadByte(picture)];
        var count = BinaryPrimitives.ReadUInt16BigEndian(length) - length.Length;
        if (count < 0)
            return false;
        var content = new byte[count];
        picture.ReadExactly(content);
        if (IsOfPicture(marker))
            WriteSegment(marker, content, clean);
        else if (Needed(marker, content) is { Length: > 0 } needed)
            WriteSegment(marker, needed, clean);
        return true;
    }

    private static void WriteSegment(byte marker, ReadOnlySpan<byte> content, Stream clean)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length + length.Length));
        clean.Write([MarkerStart, marker]);
        clean.Write(length);
        clean.Write(content);
    }

    /// <summary>Frames, scans, and the tables and numbers that they are decoded with.</summary>
    private static bool IsOfPicture(byte marker) => marker is >= 0xC0 and <= 0xCF and not 0xC8 or >= StartOfScan and <= 0xDF;

    private static bool IsOfApplication(byte marker) => marker is >= Jfif and <= LastApplication or Comment;

    /// <summary>The content of an application's segment without which the picture would look different.</summary>
    private static byte[] Needed(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        Jfif when content.StartsWith("JFIF\0"u8) && content.Length >= JfifLength => [.. content[..(JfifLength - 2)], 0, 0],
        Profile when content.StartsWith("ICC_PROFILE\0"u8) => content.ToArray(),
        Adobe when content.StartsWith("Adobe"u8) && content.Length >= AdobeLength => content[..AdobeLength].ToArray(),
        _ => [],
    };

    /// <summary>Copies compressed data and returns the marker after it. In the data, a marker is followed by 0 or is a restart.</summary>
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
