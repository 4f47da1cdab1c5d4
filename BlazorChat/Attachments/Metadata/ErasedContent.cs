namespace BlazorChat.Attachments.Metadata;

/// <summary>Bytes of a file.</summary>
internal readonly record struct FileRange(long Start, long Length);

/// <summary>
/// The ranges to overwrite in a file, beside its boxes. Together they are no longer than the file: tables that name the same bytes often
/// would otherwise cause endless writes.
/// </summary>
internal sealed class ErasedContent(long fileLength)
{
    /// <summary>A track of GPS positions has some for each minute.</summary>
    private const int MaxRanges = 1_000_000;

    private readonly List<FileRange> _ranges = [];
    private long _total;

    public IReadOnlyList<FileRange> Ranges => _ranges;

    /// <summary>Whether a whole track is removed, of which a later part of the file may have more.</summary>
    public bool HasTrack { get; set; }

    /// <returns>False when the file has no such bytes, or when there are too many of them.</returns>
    public bool TryAdd(long start, long length)
    {
        if (length == 0)
            return true;
        if (start < 0 || length < 0 || start > fileLength - length || length > fileLength - _total || _ranges.Count == MaxRanges)
            return false;
        _total += length;
        _ranges.Add(new FileRange(start, length));
        return true;
    }
}
