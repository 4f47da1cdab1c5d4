using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace BlazorChat.Tests.Support.Nodes;

/// <summary>
/// One node of the app as a real process on a free loopback port, with a data folder of the test's own. Several nodes may
/// share a folder and a Redis. Ended by process id with the test.
/// </summary>
public sealed partial class NodeProcess : IAsyncDisposable
{
    private const string AnyAddress = "http://127.0.0.1:0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the app promises of its end.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _log = new();
    private readonly SemaphoreSlim _logged = new(0);
    private readonly string[] _arguments;
    private readonly string[] _command;
    private readonly bool _hasTestWorkers;
    private Process _process = default!;

    private NodeProcess(string dataFolder, string[] arguments, string[] command, bool hasTestWorkers)
    {
        DataFolder = dataFolder;
        _arguments = arguments;
        _command = command;
        _hasTestWorkers = hasTestWorkers;
    }

    /// <summary>The repository's root, where the settings and wwwroot are.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>
    /// What runs and where its settings are: the published app that <c>BLAZORCHAT_TEST_APP</c> names, which starts in half the time
    /// since it is compiled ahead; else the build's output, as <c>dotnet run</c> does.
    /// </summary>
    private static (string Path, string ContentRoot) App { get; } = FindApp();

    /// <summary>The address that the node printed, with a slash at its end.</summary>
    public Uri Address { get; private set; } = default!;

    public string DataFolder { get; }

    /// <summary>Everything the node has printed so far.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>A new folder for a database, removed by nobody but the system.</summary>
    public static string NewDataFolder() => Directory.CreateTempSubdirectory("blazorchat-test-").FullName;

    /// <summary>Starts a node and returns when it has printed its address.</summary>
    /// <param name="settings">As on the command line: <c>ConnectionStrings:Redis=…</c>.</param>
    /// <exception cref="InvalidOperationException">It ended, or printed no address within a minute; the message holds its log.</exception>
    public static async Task<NodeProcess> StartAsync(string? dataFolder = null, params string[] settings)
    {
        var node = new NodeProcess(dataFolder ?? NewDataFolder(), settings, [], hasTestWorkers: false);
        await node.RunAsync(AnyAddress);
        return node;
    }

    /// <summary>
    /// Starts a node that has the workers of this assembly too (<see cref="Channels.Workers.TestWorkers"/>): the same app, which is told by its host's
    /// own setting to load the assembly at start.
    /// </summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<NodeProcess> StartWithTestWorkersAsync(params string[] settings)
    {
        var node = new NodeProcess(NewDataFolder(), settings, [], hasTestWorkers: true);
        await node.RunAsync(AnyAddress);
        return node;
    }

    /// <summary>Starts a process for one worker of this assembly, as <c>worker NAME</c> does, and returns when it takes jobs. It has no address.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<NodeProcess> StartWorkerAsync(string name, params string[] settings)
    {
        var worker = new NodeProcess(NewDataFolder(), settings, ["worker", name], hasTestWorkers: true);
        await worker.RunAsync(AnyAddress);
        return worker;
    }

    /// <summary>
    /// Starts a process for one worker of the app beside a node, with the node's settings and data folder, and returns when it takes jobs.
    /// </summary>
    /// <param name="settings">Beside those of the node.</param>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<NodeProcess> StartWorkerAsync(NodeProcess node, string name, params string[] settings)
    {
        var worker = new NodeProcess(node.DataFolder, [.. node._arguments, .. settings], ["worker", name], hasTestWorkers: false);
        await worker.RunAsync(AnyAddress);
        return worker;
    }

    /// <summary>Runs the app until it ends by itself, as it does when it cannot start.</summary>
    /// <returns>The exit code and what it wrote on standard error.</returns>
    public static Task<(int ExitCode, string Error)> RunToEndAsync(params string[] settings) => RunToEndAsync([], false, settings);

    /// <param name="command">What stands before the settings: <c>worker NAME</c>.</param>
    /// <param name="hasTestWorkers">As in <see cref="StartWithTestWorkersAsync"/>.</param>
    /// <inheritdoc cref="RunToEndAsync(string[])"/>
    public static async Task<(int ExitCode, string Error)> RunToEndAsync(string[] command, bool hasTestWorkers, params string[] settings)
    {
        using var process = Start(AnyAddress, settings, command, hasTestWorkers);
        _ = process.StandardOutput.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Patience);
        var error = await process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, error);
    }

    /// <summary>Returns when it has printed this text, from its start on.</summary>
    /// <exception cref="OperationCanceledException">It did not within a minute.</exception>
    public async Task WaitForLogAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!Log.Contains(text, StringComparison.Ordinal))
            await _logged.WaitAsync(timeout.Token);
    }

    /// <summary>The id of the process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Bytes of memory that the process holds.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Lets it do nothing while its connections stay open (SIGSTOP).</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Lets it go on (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Ends it as a crash would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It did not end within 10 seconds.</exception>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(StopPatience);
        return _process.ExitCode;
    }

    /// <summary>Starts it again on the same address and data, after it was ended.</summary>
    public Task StartAgainAsync() => RunAsync(_command.Length > 0 ? AnyAddress : Address.ToString().TrimEnd('/'));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private static Process Start(string address, string[] arguments, string[] command, bool hasTestWorkers)
    {
        var start = new ProcessStartInfo("dotnet", [App.Path, .. command, "--urls", address, "--contentRoot", App.ContentRoot, .. arguments.Select(a => $"--{a}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository,
        };
        // Serves the static files from the build's output, as dotnet run does.
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // Finding out how its code is used never pays in a process that lives for seconds.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Neither does keeping compiled code from being written to: a start takes a tenth less.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        AddTestServices(start, hasTestWorkers);
        return Process.Start(start)!;
    }

    /// <summary>The benchmarks start the app as it is.</summary>
    static partial void AddTestServices(ProcessStartInfo start, bool hasTestWorkers);

    private static (string, string) FindApp()
    {
        if (Environment.GetEnvironmentVariable("BLAZORCHAT_TEST_APP") is { Length: > 0 } folder)
            return (Path.Combine(folder, "BlazorChat.dll"), folder);
        var separator = Path.DirectorySeparatorChar;
        var built = AppContext.BaseDirectory.Replace($"{separator}BlazorChat.Tests{separator}", $"{separator}BlazorChat{separator}", StringComparison.Ordinal);
        return (Path.Combine(built, "BlazorChat.dll"), Repository);
    }

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));

    private async Task RunAsync(string address)
    {
        var isWorker = _command.Length > 0;
        var mark = isWorker ? "this process takes its jobs" : "Now listening on: ";
        _process = Start(address, [$"Data:Folder={DataFolder}", "Accounts:AttemptsPerMinute=100000", "Accounts:RegistrationsPerHour=100000", .. _arguments], _command, _hasTestWorkers);
        var printed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = CollectAsync(_process.StandardError, null, printed);
        _ = CollectAsync(_process.StandardOutput, mark, printed);
        try
        {
            var rest = await printed.Task.WaitAsync(Patience);
            if (!isWorker)
                Address = new Uri(rest + "/");
        }
        catch (Exception exception) when (exception is TimeoutException or EndOfStreamException)
        {
            throw new InvalidOperationException($"The node did not start:\n{Log}", exception);
        }
    }

    private async Task CollectAsync(StreamReader output, string? mark, TaskCompletionSource<string> printed)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
            _logged.Release();
            if (mark is not null && line.Contains(mark, StringComparison.Ordinal))
                printed.TrySetResult(line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim());
        }

        if (mark is not null)
            printed.TrySetException(new EndOfStreamException());
    }
}
