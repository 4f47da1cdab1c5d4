using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// One node of the app on a real Kestrel at a free loopback port, with a data folder of the test. Several nodes may share a folder and a Redis.
/// Use a <c>HostedNode</c>, which runs in the process of the tests and starts fast, or a <see cref="NodeProcess"/>, which can be killed.
/// </summary>
/// <example>
/// <code>
/// var folder = Node.NewDataFolder();
/// await using Node first = await HostedNode.StartAsync(folder, "Rooms:MaxJoined=5");
/// await using Node second = await NodeProcess.StartAsync(folder);
/// await first.WaitForLogAsync("Now listening on");
/// </code>
/// </example>
public abstract class Node(string dataFolder) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _log = new();
    private readonly SemaphoreSlim _logged = new(0);

    /// <summary>The root of the repository, with the settings and wwwroot.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The address that it listens on, with a slash at its end.</summary>
    public Uri Address { get; protected set; } = default!;

    /// <summary>The folder of its database and files.</summary>
    public string DataFolder => dataFolder;

    /// <summary>Everything that it has logged, in the format of the console.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Creates a folder for a database. Only the system removes it.</summary>
    public static string NewDataFolder() => Directory.CreateTempSubdirectory("blazorchat-test-").FullName;

    /// <summary>Waits until the log contains a text, from the start of the node on.</summary>
    /// <exception cref="OperationCanceledException">It was not logged within <see cref="TestWait.Limit"/>.</exception>
    public async Task WaitForLogAsync(string text)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!Log.Contains(text, StringComparison.Ordinal))
            await _logged.WaitAsync(timeout.Token);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Adds the data folder and lifts the limits per IP address, because all people of a test have the same one.</summary>
    protected static IEnumerable<string> WithDefaults(string dataFolder, IEnumerable<string> settings) =>
        [$"Data:Folder={dataFolder}", "Accounts:AttemptsPerMinute=100000", "Accounts:RegistrationsPerHour=100000", "LinkPreviews:Enabled=false", .. settings];

    protected void AddToLog(string line)
    {
        _log.Enqueue(line);
        _logged.Release();
    }

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
