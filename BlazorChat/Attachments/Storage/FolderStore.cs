using System.Buffers;
using System.Security.Cryptography;
using BlazorChat.Data;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Storage;

/// <summary>
/// Attachments in a folder: <c>3f/3fa9…</c> is a file under its SHA-256 in hexadecimal, <c>3f/3fa9….400.webp</c> something that was
/// made of it, and <c>incoming</c> has what is not complete yet. Moves within the folder are atomic.
/// </summary>
internal sealed class FolderStore(string folder) : IAttachmentStore
{
    private const int BufferSize = 64 * 1024;
    private const string TrashEnding = ".trash";

    private const string IncomingName = "incoming";

    private readonly string _incoming = Path.Combine(folder, IncomingName);

    public async Task<ReceivedContent> ReceiveAsync(Stream content, long maxLength, CancellationToken cancellationToken)
    {
        DataFolder.Create(folder);
        Directory.CreateDirectory(_incoming);
        var path = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            var (hash, length) = await WriteAsync(path, content, maxLength, cancellationToken);
            return new ReceivedContent(path, hash, length);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public Task StoreAsync(ReceivedContent content, CancellationToken cancellationToken)
    {
        var path = PathOf(content.Hash, null);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(content.Path, path, overwrite: true);
        return Task.CompletedTask;
    }

    public Stream? OpenRead(byte[] hash, string? variant = null)
    {
        try
        {
            return new FileStream(PathOf(hash, variant), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                // It may be removed while it is read; an open reader still reads it to its end.
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async Task WriteVariantAsync(byte[] hash, string variant, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_incoming);
        var part = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = DataFolder.CreateFile(part, FileMode.CreateNew, FileShare.None, FileOptions.Asynchronous))
                await file.WriteAsync(content, cancellationToken);
            File.Move(part, PathOf(hash, variant), overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    public async Task RemoveAsync(byte[] hash, Func<CancellationToken, Task<bool>> isUsed, CancellationToken cancellationToken)
    {
        var path = PathOf(hash, null);
        if (File.Exists(path))
        {
            if (await isUsed(cancellationToken))
                return;
            MoveAway(path);
        }

        // Listed before the query: a file that appears after its result belongs to a later upload of the same bytes.
        var unused = FindBeside(path);
        if (await isUsed(cancellationToken))
        {
            foreach (var trash in unused.Where(file => file.EndsWith(TrashEnding, StringComparison.Ordinal)))
                Restore(trash, path);
            return;
        }

        foreach (var file in unused)
            File.Delete(file);
    }

    public IEnumerable<byte[]> List(DateTimeOffset before)
    {
        if (!Directory.Exists(folder))
            return [];
        return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.LastWriteTimeUtc < before && file.Directory!.Name != IncomingName)
            .Select(file => file.Name.Split('.')[0])
            .Distinct()
            .Select(TryParse)
            .OfType<byte[]>();
    }

    public void RemoveUnfinished(DateTimeOffset before)
    {
        if (!Directory.Exists(_incoming))
            return;
        foreach (var file in new DirectoryInfo(_incoming).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before))
            file.Delete();
    }

    /// <summary>Under a name of its own: another node that removes the same file does not delete it.</summary>
    private static void MoveAway(string path)
    {
        try
        {
            File.Move(path, $"{path}.{Guid.NewGuid():N}{TrashEnding}");
        }
        catch (FileNotFoundException)
        {
            // Another node has moved it meanwhile.
        }
    }

    /// <summary>What was made of a file, and what was moved away of it; not the file itself.</summary>
    private static string[] FindBeside(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var start = $"{Path.GetFileName(path)}.";
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, $"{start}*").Where(file => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal))]
            : [];
    }

    private static void Restore(string trash, string path)
    {
        // A concurrent upload may have stored the same bytes already.
        if (File.Exists(path))
            File.Delete(trash);
        else if (File.Exists(trash))
            File.Move(trash, path, overwrite: true);
    }

    private static async Task<(byte[] Hash, long Length)> WriteAsync(
        string path, Stream content, long maxLength, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = DataFolder.CreateFile(path, FileMode.CreateNew, FileShare.None, FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long length = 0;
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                length += read;
                if (length > maxLength)
                    throw new ContentTooLongException(maxLength);
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            // A stored message must not lose its file to a power cut.
            file.Flush(flushToDisk: true);
            return (hash.GetHashAndReset(), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[]? TryParse(string name)
    {
        var hash = new byte[Attachment.HashLength];
        return name.Length == hash.Length * 2 && Convert.FromHexString(name, hash, out _, out _) == OperationStatus.Done ? hash : null;
    }

    private string PathOf(byte[] hash, string? variant)
    {
        var name = Convert.ToHexStringLower(hash);
        return Path.Combine(folder, name[..2], variant is null ? name : $"{name}.{variant}");
    }
}
