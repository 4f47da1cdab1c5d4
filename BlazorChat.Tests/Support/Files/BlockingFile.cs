using System.Diagnostics;

namespace BlazorChat.Tests.Support.Files;

/// <summary>A file like one on a disk that does not answer: opening it blocks until the process is killed.</summary>
internal sealed class BlockingFile : IDisposable
{
    private readonly string _path;

    private BlockingFile(string path) => _path = path;

    public static async Task<BlockingFile> CreateAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Opening a named pipe blocks until its other end is opened, which never happens.
        using var process = Process.Start("mkfifo", [path]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return new BlockingFile(path);
    }

    /// <summary>Deletes the file. Processes that are blocked stay blocked.</summary>
    public void Dispose() => File.Delete(_path);
}
