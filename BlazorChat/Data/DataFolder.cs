using System.Runtime.Versioning;

namespace BlazorChat.Data;

/// <summary>The one folder that holds everything the app writes: one place to back up.</summary>
public static partial class DataFolder
{
    public const string LockName = "start.lock";

    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    public static string Resolve(IConfiguration configuration, IHostEnvironment environment) =>
        Path.GetFullPath(configuration["Data:Folder"] ?? "data", environment.ContentRootPath);

    /// <summary>Makes the folder, for the app's own user alone.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, OwnFolder);
    }

    /// <summary>Takes the rights of other users from a folder and from files in it; what lies deeper is out of their reach then.</summary>
    /// <param name="files">Names of files that the app writes there; those that are missing are left out.</param>
    /// <param name="logger">Names what was open to others; null for what this process has just made.</param>
    public static void RestrictToOwner(string folder, IEnumerable<string> files, ILogger? logger)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
            return;
        RestrictToOwner(folder, OwnFolder, logger);
        foreach (var file in files.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            RestrictToOwner(file, OwnFile, logger);
    }

    /// <summary>Creates a file for writing, for the app's own user alone.</summary>
    public static FileStream CreateFile(string path, FileMode mode, FileShare share, FileOptions options = FileOptions.None)
    {
        var file = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, Options = options, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = OwnFile;
        return new FileStream(path, file);
    }

    /// <summary>Waits until no other process of this folder holds the lock; it ends when the result is disposed.</summary>
    /// <param name="onWait">Called once, when another process has it.</param>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static async Task<IAsyncDisposable> LockAsync(string folder, Action onWait, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, LockName);
        var isWaiting = false;
        while (true)
        {
            try
            {
                return CreateFile(path, FileMode.OpenOrCreate, FileShare.None);
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

    [UnsupportedOSPlatform("windows")]
    private static void RestrictToOwner(string path, UnixFileMode own, ILogger? logger)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~OwnFolder) == 0)
                return;
            File.SetUnixFileMode(path, mode & own);
            if (logger is not null)
                LogClosed(logger, path, mode);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            if (logger is not null && Path.Exists(path))
                LogStaysOpen(logger, path, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} was open to other users ({Mode}): now only the app's own user can read and write it")]
    private static partial void LogClosed(ILogger logger, string path, UnixFileMode mode);

    [LoggerMessage(2, LogLevel.Warning, "{Path} is open to other users, and this user may not change that: {Reason}")]
    private static partial void LogStaysOpen(ILogger logger, string path, string reason);
}
