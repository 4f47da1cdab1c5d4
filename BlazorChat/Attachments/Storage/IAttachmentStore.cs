namespace BlazorChat.Attachments.Storage;

/// <summary>
/// Stores the bytes of attachments under their SHA-256, each once, and the variants that are generated from them, such as thumbnails. It
/// checks no rights. Thread-safe.
/// </summary>
internal interface IAttachmentStore
{
    /// <summary>Reads an upload to its end into a temporary file. <see cref="OpenRead"/> finds it only after <see cref="StoreAsync"/>; disposing the result deletes it.</summary>
    /// <param name="content">The upload; it is not disposed.</param>
    /// <param name="maxLength">The most bytes.</param>
    /// <param name="cancellationToken">Cancels the upload; the temporary file is deleted.</param>
    /// <exception cref="ContentTooLongException">The content is longer than <paramref name="maxLength"/>.</exception>
    Task<ReceivedContent> ReceiveAsync(Stream content, long maxLength, CancellationToken cancellationToken);

    /// <summary>Moves a received file under its hash. A file with the same bytes is replaced.</summary>
    Task StoreAsync(ReceivedContent content, CancellationToken cancellationToken);

    /// <summary>Opens a stored file for reading.</summary>
    /// <param name="hash">The SHA-256 of the file.</param>
    /// <param name="variant">The name of a variant; null for the file itself.</param>
    /// <returns>A seekable stream, which stays readable when the file is removed; null when nothing is stored.</returns>
    Stream? OpenRead(byte[] hash, string? variant = null);

    /// <summary>Stores a variant of a file, or replaces it.</summary>
    Task WriteVariantAsync(byte[] hash, string variant, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a file and its variants, unless an attachment uses it. A file that is uploaded again meanwhile stays: its attachment is inserted
    /// before <see cref="StoreAsync"/>, and <paramref name="isUsed"/> is called again after the file was moved away.
    /// </summary>
    /// <param name="hash">The SHA-256 of the file.</param>
    /// <param name="isUsed">Queries the database for an attachment with this hash.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    Task RemoveAsync(byte[] hash, Func<CancellationToken, Task<bool>> isUsed, CancellationToken cancellationToken);

    /// <summary>The hashes of the files that were stored before a time, in no order.</summary>
    IEnumerable<byte[]> List(DateTimeOffset before);

    /// <summary>Deletes temporary files that were created before a time, such as those of a node that failed.</summary>
    void RemoveUnfinished(DateTimeOffset before);
}

/// <summary>An upload is longer than its limit.</summary>
internal sealed class ContentTooLongException(long maxLength) : IOException($"The content is longer than {maxLength} bytes.");
