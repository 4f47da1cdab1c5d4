using System.Diagnostics;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>
/// A real proxy in front of two nodes, with its configuration from docs/: <see cref="HaProxy"/>, <see cref="Nginx"/> or <see cref="Caddy"/>. It
/// listens on a free port.
/// </summary>
/// <example>
/// <code>
/// await using var balancer = await LoadBalancer.StartAsync&lt;Nginx&gt;(one, two);
/// await balancer.RestartAsync();
/// </code>
/// </example>
public abstract class LoadBalancer : IAsyncDisposable
{
    private Process? _process;

    /// <summary>The IP address and port that it listens on.</summary>
    protected string Bind { get; } = $"127.0.0.1:{FreePort.Allocate()}";

    /// <summary>The folder for the files that it writes.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("blazorchat-proxy-").FullName;

    public Uri Address => new($"http://{Bind}/");

    /// <summary>Starts an HAProxy and returns when it forwards requests.</summary>
    /// <inheritdoc cref="StartAsync{TProxy}"/>
    public static Task<LoadBalancer> StartAsync(Node one, Node two) => StartAsync<HaProxy>(one, two);

    /// <summary>Starts a proxy and returns when it forwards requests.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The proxy is not installed.</exception>
    /// <exception cref="InvalidOperationException">The process ended at once.</exception>
    /// <exception cref="OperationCanceledException">The proxy did not answer within <see cref="TestWait.Limit"/>.</exception>
    public static Task<LoadBalancer> StartAsync<TProxy>(Node one, Node two)
        where TProxy : LoadBalancer, new() => StartAsync(new TProxy(), one, two);

    /// <param name="proxy">A proxy that was not started yet.</param>
    /// <param name="one">The first node.</param>
    /// <param name="two">The second node.</param>
    /// <inheritdoc cref="StartAsync{TProxy}"/>
    public static async Task<LoadBalancer> StartAsync(LoadBalancer proxy, Node one, Node two)
    {
        proxy.Configure(one.Address.Authority, two.Address.Authority);
        try
        {
            await proxy.RunAsync();
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the proxy with all its connections, and starts it again on the same port.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected static string ReadConfiguration(string name) => File.ReadAllText(Path.Combine(Node.Repository, "docs", name));

    /// <summary>Prepares the configuration.</summary>
    /// <param name="one">The IP address and port of the first node.</param>
    /// <param name="two">Those of the second node.</param>
    protected abstract void Configure(string one, string two);

    /// <summary>Creates the command that starts the proxy.</summary>
    protected abstract ProcessStartInfo CreateStart();

    private async Task RunAsync()
    {
        var start = CreateStart();
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        var log = _process.StandardError.ReadToEndAsync();
        using var http = new HttpClient { BaseAddress = Address, Timeout = TestWait.Limit };
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (!await AnswersAsync(http))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{GetType().Name} ended at once:\n{await log}");
            await Task.Delay(50, timeout.Token);
        }
    }

    private async Task KillAsync()
    {
        if (_process is null)
            return;
        // This includes the worker processes of an nginx.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(TestWait.Limit);
        _process.Dispose();
        _process = null;
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
