namespace BlazorChat.Attachments.Storage;

/// <summary>
/// Keeps the bytes of attachments under their SHA-256, each once, with what was made of them. It knows nothing of who may read
/// what.
/// </summary>
internal interface IAttachmentStore
{
    /// <summary>Reads a file to its end. Nobody finds it until <see cref="KeepAsync"/>; disposing the result throws away what was not kept.</summary>
    /// <param name="maxLength">Bytes.</param>
    /// <exception cref="ContentTooLongException">There is more.</exception>
    Task<ReceivedContent> ReceiveAsync(Stream content, long maxLength, CancellationToken cancellationToken);

    /// <summary>Puts what was received where it is found; what was there with the same bytes is replaced.</summary>
    Task KeepAsync(ReceivedContent content, CancellationToken cancellationToken);

    /// <param name="variant">What was made of the file, or null for the file itself.</param>
    /// <returns>One can seek in it; null when there is none.</returns>
    Stream? OpenRead(byte[] hash, string? variant = null);

    /// <summary>Keeps something that was made of a file, instead of what was there.</summary>
    Task WriteVariantAsync(byte[] hash, string variant, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a file and what was made of it, unless somebody uses it. A file that is received and kept meanwhile stays: its owner
    /// is written down before it is kept, and asked for here after it was taken out of sight.
    /// </summary>
    Task RemoveAsync(byte[] hash, Func<CancellationToken, Task<bool>> isUsed, CancellationToken cancellationToken);

    /// <summary>The files that were kept before a time, in no order.</summary>
    IEnumerable<byte[]> List(DateTimeOffset before);

    /// <summary>Throws away what was begun before a time and never kept, as by a node that died.</summary>
    void RemoveUnfinished(DateTimeOffset before);
}

/// <summary>There is more to a file than it may have.</summary>
internal sealed class ContentTooLongException(long maxLength) : IOException($"The content is longer than {maxLength} bytes.");
