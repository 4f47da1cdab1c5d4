using System.Diagnostics;
using StackExchange.Redis;

namespace BlazorChat.Tests.Support.Processes;

/// <summary>
/// A real redis-server of a test, on a free loopback port, without persistence. Disposing it kills the process by its id.
/// </summary>
/// <example>
/// <code>
/// await using var redis = await RedisServer.StartAsync();
/// await using var node = await TestNode.StartAsync(redis.ConnectionString);
/// await redis.KillAsync();
/// await redis.StartAgainAsync();
/// </code>
/// </example>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly bool _isCluster;
    private readonly string[] _settings;
    private Process? _process;

    private RedisServer(int port, bool isCluster = false, params string[] settings)
    {
        Port = port;
        _isCluster = isCluster;
        _settings = settings;
    }

    public int Port { get; }

    public int ProcessId => _process!.Id;

    /// <summary>The connection string in the format of StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts a server and returns when it accepts connections.</summary>
    /// <param name="settings">Arguments of redis-server: <c>--maxmemory</c>, <c>4mb</c>.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">redis-server is not installed.</exception>
    /// <exception cref="InvalidOperationException">The process ended at once.</exception>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var server = new RedisServer(FreePort.Allocate(), isCluster: false, settings);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a cluster of one node, which has every slot, and returns when it is ready.</summary>
    public static async Task<RedisServer> StartClusterAsync()
    {
        var server = new RedisServer(FreePort.Allocate(), isCluster: true);
        await server.StartAgainAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{server.ConnectionString},allowAdmin=true");
        await admin.GetServer(admin.GetEndPoints()[0]).ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await server.WaitForLineAsync("Cluster state changed: ok");
        return server;
    }

    /// <summary>Creates a server that is not running: its port refuses connections until <see cref="StartAgainAsync"/>.</summary>
    public static RedisServer Reserve() => new(FreePort.Allocate());

    /// <summary>Starts the server on the same port, without data.</summary>
    public async Task StartAgainAsync()
    {
        string[] arguments = ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", .. _settings];
        if (_isCluster)
            arguments = [.. arguments, "--cluster-enabled", "yes", "--cluster-config-file", $"nodes-{Port}.conf", "--dir", Node.NewDataFolder()];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true })!;
        await WaitForLineAsync("Ready to accept connections");
        if (!_isCluster)
            _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Kills the server as a crash would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await _process.WaitForExitAsync(timeout.Token);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Runs a command as the default user: <c>ACL</c>, <c>SETUSER</c>, …</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params string[] arguments)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        return await admin.GetServer(admin.GetEndPoints()[0]).ExecuteAsync(command, [.. arguments]);
    }

    /// <summary>Suspends the server while its connections stay open (SIGSTOP).</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Resumes the server (SIGCONT).</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task WaitForLineAsync(string text)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (await _process!.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.OrdinalIgnoreCase))
                return;
        }

        throw new InvalidOperationException($"redis-server on port {Port} ended before it logged \"{text}\".");
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }
}
