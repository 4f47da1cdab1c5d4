using System.Diagnostics;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>
/// A real proxy before two nodes, with its configuration from docs/: <see cref="HaProxy"/>, <see cref="Nginx"/> or <see cref="Caddy"/>.
/// It runs without root's rights, on a port of its own.
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

    /// <summary>Where it listens: an address and a port.</summary>
    protected string Bind { get; } = $"127.0.0.1:{FreePort.Allocate()}";

    /// <summary>For what it writes.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("blazorchat-proxy-").FullName;

    public Uri Address => new($"http://{Bind}/");

    /// <summary>Starts an HAProxy and returns when it hands requests on.</summary>
    /// <inheritdoc cref="StartAsync{TProxy}"/>
    public static Task<LoadBalancer> StartAsync(Node one, Node two) => StartAsync<HaProxy>(one, two);

    /// <summary>Starts a proxy and returns when it hands requests on.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It is not installed.</exception>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    /// <exception cref="OperationCanceledException">It did not answer within <see cref="TestWait.Limit"/>.</exception>
    public static Task<LoadBalancer> StartAsync<TProxy>(Node one, Node two)
        where TProxy : LoadBalancer, new() => StartAsync(new TProxy(), one, two);

    /// <param name="proxy">One that was not started yet.</param>
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

    /// <summary>Ends it as a crash would, every connection with it, and starts it again on the same port.</summary>
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

    /// <summary>Prepares its configuration.</summary>
    /// <param name="one">The first node: an address and a port.</param>
    protected abstract void Configure(string one, string two);

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
        // With the workers of an nginx.
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
