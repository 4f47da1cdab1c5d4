using System.Diagnostics;

namespace BlazorChat.Tests.Support.Processes;

/// <summary>
/// A node in a process of its own, which a test can kill, pause and start again. Disposing it kills the process by its id.
/// </summary>
/// <example>
/// <code>
/// await using var node = await NodeProcess.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
/// await node.KillAsync();
/// await node.StartAgainAsync();
/// </code>
/// </example>
public sealed partial class NodeProcess : Node
{
    private const string AnyAddress = "http://127.0.0.1:0";

    /// <summary>The time in which the app promises to stop.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly string[] _arguments;
    private readonly string[] _command;
    private readonly bool _hasTestWorkers;
    private Process _process = default!;

    private NodeProcess(string dataFolder, string[] arguments, string[] command, bool hasTestWorkers)
        : base(dataFolder)
    {
        _arguments = arguments;
        _command = command;
        _hasTestWorkers = hasTestWorkers;
    }

    /// <summary>
    /// The program and its content root: the published app in the folder <c>BLAZORCHAT_TEST_APP</c>, which is compiled ahead and starts in half
    /// the time; without it the output of the build, as <c>dotnet run</c> uses it.
    /// </summary>
    private static (string Path, string ContentRoot) App { get; } = FindApp();

    /// <summary>Whether nodes are the published app.</summary>
    public static bool IsPublished => App.ContentRoot != Repository;

    /// <summary>Starts a node and returns when it has printed its address.</summary>
    /// <param name="dataFolder">The data folder of another node, to share its database; null for a new one.</param>
    /// <param name="settings">Settings as on the command line: <c>ConnectionStrings:Redis=…</c>.</param>
    /// <exception cref="InvalidOperationException">The process ended, or printed no address within <see cref="TestWait.Limit"/>; the message holds its log.</exception>
    public static async Task<NodeProcess> StartAsync(string? dataFolder = null, params string[] settings)
    {
        var node = new NodeProcess(dataFolder ?? await MigratedFolder.CreateAsync(), settings, [], hasTestWorkers: false);
        await node.RunAsync(AnyAddress);
        return node;
    }

    /// <summary>
    /// Starts a node that also has the workers of this assembly (<c>TestWorkers</c>): the same app, which loads the
    /// assembly by the hosting startup of ASP.NET Core.
    /// </summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<NodeProcess> StartWithTestWorkersAsync(params string[] settings)
    {
        var node = new NodeProcess(await MigratedFolder.CreateAsync(), settings, [], hasTestWorkers: true);
        await node.RunAsync(AnyAddress);
        return node;
    }

    /// <summary>Starts a process for one worker of this assembly, by <c>worker NAME</c>, and returns when it leases jobs. It has no address.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<NodeProcess> StartWorkerAsync(string name, params string[] settings)
    {
        var worker = new NodeProcess(await MigratedFolder.CreateAsync(), settings, ["worker", name], hasTestWorkers: true);
        await worker.RunAsync(AnyAddress);
        return worker;
    }

    /// <summary>
    /// Starts a process for one worker of the app, with the settings and the data folder of a node, and returns when it leases jobs.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The name of the worker channel.</param>
    /// <param name="settings">Settings in addition to those of the node.</param>
    /// <inheritdoc cref="StartAsync"/>
    public static async Task<NodeProcess> StartWorkerAsync(NodeProcess node, string name, params string[] settings)
    {
        var worker = new NodeProcess(node.DataFolder, [.. node._arguments, .. settings], ["worker", name], hasTestWorkers: false);
        await worker.RunAsync(AnyAddress);
        return worker;
    }

    /// <summary>Runs an app that cannot start, until it ends.</summary>
    /// <returns>The exit code and the standard error.</returns>
    public static Task<(int ExitCode, string Error)> RunToEndAsync(params string[] settings) => RunToEndAsync([], false, settings);

    /// <param name="command">The arguments before the settings: <c>worker NAME</c>.</param>
    /// <param name="hasTestWorkers">Whether to load the workers of this assembly.</param>
    /// <param name="settings">Settings as on the command line.</param>
    /// <inheritdoc cref="RunToEndAsync(string[])"/>
    public static async Task<(int ExitCode, string Error)> RunToEndAsync(string[] command, bool hasTestWorkers, params string[] settings)
    {
        using var process = Start(AnyAddress, settings, command, hasTestWorkers);
        _ = process.StandardOutput.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        var error = await process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, error);
    }

    /// <summary>The id of the process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The resident memory of the process in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Suspends the process while its connections stay open (SIGSTOP).</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Resumes the process (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Kills the process as a crash would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TestWait.Limit);
    }

    /// <summary>Stops the process (SIGTERM).</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">The process did not end within 10 seconds.</exception>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        return _process.ExitCode;
    }

    /// <summary>Starts an ended node again, with the same address and data.</summary>
    public Task StartAgainAsync() => RunAsync(_command.Length > 0 ? AnyAddress : Address.ToString().TrimEnd('/'));

    public override async ValueTask DisposeAsync()
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
        // Profiling code does not pay in a process that lives for seconds.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Neither does write protection of compiled code: without it a start is a tenth faster.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        AddTestServices(start, hasTestWorkers);
        return Process.Start(start)!;
    }

    /// <summary>Implemented by the tests; the benchmarks start the app without it.</summary>
    static partial void AddTestServices(ProcessStartInfo start, bool hasTestWorkers);

    private static (string, string) FindApp()
    {
        if (Environment.GetEnvironmentVariable("BLAZORCHAT_TEST_APP") is { Length: > 0 } folder)
            return (Path.Combine(folder, "BlazorChat.dll"), folder);
        var separator = Path.DirectorySeparatorChar;
        var built = AppContext.BaseDirectory.Replace($"{separator}BlazorChat.Tests{separator}", $"{separator}BlazorChat{separator}", StringComparison.Ordinal);
        return (Path.Combine(built, "BlazorChat.dll"), Repository);
    }

    private async Task RunAsync(string address)
    {
        var isWorker = _command.Length > 0;
        var mark = isWorker ? "this process runs its jobs" : "Now listening on: ";
        _process = Start(address, [.. WithDefaults(DataFolder, _arguments)], _command, _hasTestWorkers);
        var printed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = CollectAsync(_process.StandardError, null, printed);
        _ = CollectAsync(_process.StandardOutput, mark, printed);
        try
        {
            var rest = await printed.Task.WaitAsync(TestWait.Limit);
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
            AddToLog(line);
            if (mark is not null && line.Contains(mark, StringComparison.Ordinal))
                printed.TrySetResult(line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim());
        }

        if (mark is not null)
            printed.TrySetException(new EndOfStreamException());
    }
}
