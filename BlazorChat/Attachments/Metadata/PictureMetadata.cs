using BlazorChat.Attachments.Files;

namespace BlazorChat.Attachments.Metadata;

/// <summary>
/// Copies a picture without its metadata: location, time, camera, names, comments, and bytes after its end. Its
/// pixels and colours stay as they are, byte for byte, and so does the way up that it is shown.
/// </summary>
internal static class PictureMetadata
{
    private const int BufferSize = 64 * 1024;

    /// <param name="picture">Read from where it stands. One that ends early is copied as far as it goes.</param>
    /// <param name="orientation">EXIF's, from 1 to 8.</param>
    /// <returns>False when it is not built as its type is; what has been copied is of no use then.</returns>
    public static bool TryRemove(Stream picture, string type, int orientation, Stream clean)
    {
        using var buffered = new BufferedStream(picture, BufferSize);
        try
        {
            return type switch
            {
                FileType.Jpeg => JpegMetadata.TryRemove(buffered, orientation, clean),
                FileType.Png => PngMetadata.TryRemove(buffered, orientation, clean),
                FileType.WebP => WebPMetadata.TryRemove(buffered, orientation, clean),
                FileType.Gif => GifMetadata.TryRemove(buffered, clean),
                _ => false,
            };
        }
        catch (EndOfStreamException)
        {
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>EXIF with the orientation of a picture, and nothing else.</summary>
    public static byte[] ExifOf(int orientation) =>
    [
        // Big-endian TIFF, whose first directory stands at byte 8 and has one entry: tag 0x0112, one number of 16 bits.
        .. "MM\0*"u8, 0, 0, 0, 8,
        0, 1,
        0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
        0, 0, 0, 0,
    ];

    public static void Copy(Stream picture, Stream clean, long count)
    {
        var buffer = new byte[Math.Min(BufferSize, Math.Max(1, count))];
        for (var left = count; left > 0;)
        {
            var read = picture.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
            if (read == 0)
                throw new EndOfStreamException();
            clean.Write(buffer, 0, read);
            left -= read;
        }
    }

    public static void Skip(Stream picture, long count) => Copy(picture, Stream.Null, count);

    public static byte ReadByte(Stream picture) => picture.ReadByte() is >= 0 and var value ? (byte)value : throw new EndOfStreamException();
}
