using System.Runtime.Versioning;

namespace BlazorChat.Data;

/// <summary>The folder that holds everything that the app writes: the only one to back up.</summary>
public static partial class DataFolder
{
    public const string LockName = "start.lock";

    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    public static string Resolve(IConfiguration configuration, IHostEnvironment environment) =>
        Path.GetFullPath(configuration["Data:Folder"] ?? "data", environment.ContentRootPath);

    /// <summary>Creates the folder with access for the app's user alone.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, OwnFolder);
    }

    /// <summary>Removes the access of other users to a folder and to files in it. They cannot reach what lies deeper then.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Names of files that the app writes there; missing ones are skipped.</param>
    /// <param name="logger">Logs what others had access to; null for files that this process has just created.</param>
    public static void RestrictToOwner(string folder, IEnumerable<string> files, ILogger? logger)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
            return;
        RestrictToOwner(folder, OwnFolder, logger);
        foreach (var file in files.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            RestrictToOwner(file, OwnFile, logger);
    }

    /// <summary>Creates a file for writing with access for the app's user alone.</summary>
    public static FileStream CreateFile(string path, FileMode mode, FileShare share, FileOptions options = FileOptions.None)
    {
        var file = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, Options = options, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = OwnFile;
        return new FileStream(path, file);
    }

    /// <summary>Acquires the lock of a folder among processes, until the result is disposed. Retries every 100 ms while another process holds it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="onWait">Called once, when another process holds the lock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
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
