namespace BlazorChat.Attachments.Storage;

/// <summary>A file that has come to its end and is not kept yet.</summary>
/// <param name="path">Where it waits.</param>
internal sealed class ReceivedContent(string path, byte[] hash, long length) : IDisposable
{
    /// <summary>SHA-256.</summary>
    public byte[] Hash { get; } = hash;

    /// <summary>Bytes.</summary>
    public long Length { get; } = length;

    internal string Path { get; } = path;

    public Stream OpenRead() => File.OpenRead(Path);

    /// <summary>For changes in place, after which it has another hash: whoever makes them receives it again.</summary>
    public Stream OpenEdit() => File.Open(Path, FileMode.Open, FileAccess.ReadWrite);

    // Kept ones have moved away.
    public void Dispose() => File.Delete(Path);
}
