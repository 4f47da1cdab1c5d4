namespace BlazorChat.Data;

/// <summary>The one folder that holds everything the app writes: one place to back up.</summary>
public static class DataFolder
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    public static string Resolve(IConfiguration configuration, IHostEnvironment environment) =>
        Path.GetFullPath(configuration["Data:Folder"] ?? "data", environment.ContentRootPath);

    /// <summary>Makes the folder, for the app's own user alone.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Waits until no other process of this folder holds the lock; it ends when the result is disposed.</summary>
    /// <param name="onWait">Called once, when another process has it.</param>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static async Task<IAsyncDisposable> LockAsync(string folder, Action onWait, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "start.lock");
        var isWaiting = false;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!isWaiting)
                    onWait();
                isWaiting = true;
                await Task.Delay(RetryInterval, cancellationToken);
            }
        }
    }
}
