namespace BlazorChat.Attachments.Storage;

/// <summary>A file that is received and not stored yet.</summary>
/// <param name="path">Where it waits.</param>
internal sealed class ReceivedContent(string path, byte[] hash, long length) : IDisposable
{
    /// <summary>SHA-256.</summary>
    public byte[] Hash { get; } = hash;

    /// <summary>Bytes.</summary>
    public long Length { get; } = length;

    internal string Path { get; } = path;

    public Stream OpenRead() => File.OpenRead(Path);

    /// <summary>Opens the file for changes in place. The changed file has another hash, so it must be received again.</summary>
    public Stream OpenEdit() => File.Open(Path, FileMode.Open, FileAccess.ReadWrite);

    // A stored file was moved.
    public void Dispose() => File.Delete(Path);
}
