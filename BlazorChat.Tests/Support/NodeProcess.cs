using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace BlazorChat.Tests.Support;

/// <summary>
/// One node of the app as a real process on a free loopback port, with a data folder of the test's own. Several nodes may
/// share a folder and a Redis. Ended by process id with the test.
/// </summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the app promises of its end.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<string> _log = new();
    private readonly string[] _arguments;
    private Process _process = default!;

    private NodeProcess(string dataFolder, string[] arguments)
    {
        DataFolder = dataFolder;
        _arguments = arguments;
    }

    /// <summary>The repository's root, where the settings and wwwroot are.</summary>
    public static string Repository { get; } = FindRepository();

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
        var node = new NodeProcess(dataFolder ?? NewDataFolder(), settings);
        await node.RunAsync("http://127.0.0.1:0");
        return node;
    }

    /// <summary>Runs the app until it ends by itself, as it does when it cannot start.</summary>
    /// <returns>The exit code and what it wrote on standard error.</returns>
    public static async Task<(int ExitCode, string Error)> RunToEndAsync(params string[] settings)
    {
        using var process = Start("http://127.0.0.1:0", settings);
        _ = process.StandardOutput.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Patience);
        var error = await process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, error);
    }

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
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(StopPatience);
        return _process.ExitCode;
    }

    /// <summary>Starts it again on the same address and data, after it was ended.</summary>
    public Task StartAgainAsync() => RunAsync(Address.ToString().TrimEnd('/'));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static Process Start(string address, string[] arguments)
    {
        var app = Path.Combine(AppContext.BaseDirectory, "BlazorChat.dll")
            .Replace($"{Path.DirectorySeparatorChar}BlazorChat.Tests{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}BlazorChat{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [app, "--urls", address, "--contentRoot", Repository, .. arguments.Select(a => $"--{a}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository,
        };
        // Serves the static files from the build's output, as dotnet run does.
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        return Process.Start(start)!;
    }

    private static string FindRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    private async Task RunAsync(string address)
    {
        const string Mark = "Now listening on: ";
        _process = Start(address, [$"Data:Folder={DataFolder}", "Accounts:AttemptsPerMinute=100000", .. _arguments]);
        var printed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = CollectAsync(_process.StandardError, null, printed);
        _ = CollectAsync(_process.StandardOutput, Mark, printed);
        try
        {
            Address = new Uri(await printed.Task.WaitAsync(Patience) + "/");
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
            if (mark is not null && line.Contains(mark, StringComparison.Ordinal))
                printed.TrySetResult(line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim());
        }

        if (mark is not null)
            printed.TrySetException(new EndOfStreamException());
    }
}
