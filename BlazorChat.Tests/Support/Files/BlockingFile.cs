using System.Diagnostics;

namespace BlazorChat.Tests.Support.Files;

/// <summary>A file like one on a disk that does not answer: who opens it stands still there, until its process is killed.</summary>
internal sealed class BlockingFile : IDisposable
{
    private readonly string _path;

    private BlockingFile(string path) => _path = path;

    public static async Task<BlockingFile> CreateAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Opening a named pipe waits for whoever opens its other end, and nobody will.
        using var process = Process.Start("mkfifo", [path]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return new BlockingFile(path);
    }

    /// <summary>There is no file any more; who stands still goes on standing.</summary>
    public void Dispose() => File.Delete(_path);
}
