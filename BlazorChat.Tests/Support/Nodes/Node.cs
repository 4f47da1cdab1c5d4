using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// One node of the app on a real Kestrel at a free loopback port, with a data folder of the test's own. Several nodes may share a folder and
/// a Redis. A <see cref="HostedNode"/> runs in the tests' process and starts in a moment; a <see cref="NodeProcess"/> can be killed.
/// </summary>
public abstract class Node(string dataFolder) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly SemaphoreSlim _logged = new(0);

    /// <summary>The repository's root, where the settings and wwwroot are.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Where it listens, with a slash at its end.</summary>
    public Uri Address { get; protected set; } = default!;

    public string DataFolder => dataFolder;

    /// <summary>Everything that it has logged so far, as on a console.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>A new folder for a database, removed by nobody but the system.</summary>
    public static string NewDataFolder() => Directory.CreateTempSubdirectory("blazorchat-test-").FullName;

    /// <summary>Returns when it has logged this text, from its start on.</summary>
    /// <exception cref="OperationCanceledException">It did not within <see cref="TestWait.Limit"/>.</exception>
    public async Task WaitForLogAsync(string text)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!Log.Contains(text, StringComparison.Ordinal))
            await _logged.WaitAsync(timeout.Token);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Many people at one address try their passwords in a test.</summary>
    protected static IEnumerable<string> WithDefaults(string dataFolder, IEnumerable<string> settings) =>
        [$"Data:Folder={dataFolder}", "Accounts:AttemptsPerMinute=100000", "Accounts:RegistrationsPerHour=100000", .. settings];

    protected void AddToLog(string line)
    {
        _log.Enqueue(line);
        _logged.Release();
    }

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
