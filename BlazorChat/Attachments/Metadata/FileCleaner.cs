using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Common;
using NetVips;

namespace BlazorChat.Attachments.Metadata;

/// <summary>A file as it is stored: without the metadata of its camera and its programs.</summary>
/// <param name="Content">The received content, or a new one when something was removed.</param>
/// <param name="Header">Null for a file that is not shown as a picture.</param>
/// <param name="Preview">A few pixels of it as a data URI; empty for none.</param>
internal sealed record CleanFile(ReceivedContent Content, PictureHeader? Header = null, string Preview = "") : IDisposable
{
    public void Dispose() => Content.Dispose();
}

/// <summary>
/// Removes the location, the time and the device of a recording from a file, before others can read it. A file of a format that may have such
/// metadata is refused when it can't be removed. SECURITY.md lists the formats.
/// </summary>
internal sealed class FileCleaner(IAttachmentStore store, DecodingMemory memory)
{
    /// <summary>The size in bytes of the largest picture, which is in memory while it is cleaned.</summary>
    public const int MaxPictureLength = 100_000_000;

    /// <exception cref="RefusedException">It cannot be cleaned.</exception>
    public Task<CleanFile> CleanAsync(ReceivedContent received, string type, CancellationToken cancellationToken) => FileType.MetadataOf(type) switch
    {
        FileMetadata.Picture => CleanPictureAsync(received, type, cancellationToken),
        FileMetadata.Boxes => CleanInPlaceAsync(received, type, BoxMetadata.TryRemove, BoxMetadata.MaxDescription, cancellationToken),
        FileMetadata.Matroska => CleanInPlaceAsync(received, type, MatroskaMetadata.TryRemove, 0, cancellationToken),
        FileMetadata.Riff => CleanInPlaceAsync(received, type, RiffMetadata.TryRemove, 0, cancellationToken),
        FileMetadata.NotRemovable => throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("MetadataNotRemovable")),
        _ => Task.FromResult(new CleanFile(received)),
    };

    private async Task<CleanFile> CleanPictureAsync(ReceivedContent received, string type, CancellationToken cancellationToken)
    {
        if (received.Length > MaxPictureLength)
            throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("PictureTooLarge", FileSize.Format(MaxPictureLength)));
        var (header, preview, clean) = await ReadAsync(received, type, cancellationToken);
        if (clean is null)
            throw Unreadable(type);
        await using (clean)
            return new CleanFile(await store.ReceiveAsync(clean, long.MaxValue, cancellationToken), header, preview);
    }

    private async Task<(PictureHeader? Header, string Preview, Stream? Clean)> ReadAsync(
        ReceivedContent received, string type, CancellationToken cancellationToken)
    {
        PictureHeader? header;
        using (await memory.EnterAsync(received.Length, cancellationToken))
        {
            await using var content = received.OpenRead();
            header = Pictures.ReadHeader(content);
        }

        using (await memory.EnterAsync((2 * received.Length) + (header?.Memory ?? 0), cancellationToken))
            return await Task.Run(() => Read(received, type, header), cancellationToken);
    }

    private (PictureHeader? Header, string Preview, Stream? Clean) Read(ReceivedContent received, string type, PictureHeader? header)
    {
        var clean = TryCut(received.OpenRead(), type, header?.Orientation ?? 1);
        if (clean is null && header?.CanBeDecoded(memory.Capacity) == true)
            clean = TryEncodeAgain(received, type, header);
        if (clean is null)
            return (null, "", null);
        header ??= Pictures.ReadHeader(clean);
        clean.Position = 0;
        if (header is null)
            return (null, "", null);
        if (!header.CanBeDecoded(memory.Capacity))
            return (null, "", clean);
        var preview = Pictures.MakePreview(clean, header);
        clean.Position = 0;
        return (header, preview, clean);
    }

    /// <param name="picture">It is disposed.</param>
    private static MemoryStream? TryCut(Stream picture, string type, int orientation)
    {
        var clean = new MemoryStream((int)picture.Length);
        var isCut = PictureMetadata.TryRemove(picture, type, orientation, clean);
        clean.Position = 0;
        return isCut ? clean : null;
    }

    /// <summary>Encodes the picture again: browsers show many pictures that do not follow their format, and libvips reads them.</summary>
    private static MemoryStream? TryEncodeAgain(ReceivedContent received, string type, PictureHeader header)
    {
        try
        {
            using var picture = received.OpenRead();
            using var encoded = new MemoryStream(Pictures.EncodeAgain(picture, type, header));
            return TryCut(encoded, type, header.Orientation);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    /// <param name="maxMemory">Bytes that it holds at once.</param>
    private async Task<CleanFile> CleanInPlaceAsync(
        ReceivedContent received, string type, Func<Stream, bool> tryRemove, long maxMemory, CancellationToken cancellationToken)
    {
        using (await memory.EnterAsync(Math.Min(received.Length, maxMemory), cancellationToken))
        {
            await using var file = received.OpenEdit();
            if (!await Task.Run(() => tryRemove(file), cancellationToken))
                throw Unreadable(type);
        }

        // The changed file has another hash.
        await using var clean = received.OpenRead();
        return new CleanFile(await store.ReceiveAsync(clean, long.MaxValue, cancellationToken));
    }

    private static RefusedException Unreadable(string type) => new(RefusalCode.Invalid, type.Split('/')[0] switch
    {
        "audio" => AttachmentTexts.Get("RecordingUnreadable"),
        "image" => AttachmentTexts.Get("PictureUnreadable"),
        _ => AttachmentTexts.Get("VideoUnreadable"),
    });
}
