using System.Diagnostics;

namespace BlazorChat.Tests.Support;

/// <summary>A real HAProxy with the configuration of docs/haproxy.cfg, before two nodes.</summary>
public sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private LoadBalancer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts it and returns when it accepts connections.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">haproxy is not installed.</exception>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    /// <exception cref="OperationCanceledException">It did not answer within 10 seconds.</exception>
    public static async Task<LoadBalancer> StartAsync(NodeProcess one, NodeProcess two)
    {
        var bind = $"127.0.0.1:{FreePort.Take()}";
        var start = new ProcessStartInfo("/usr/sbin/haproxy", ["-f", Path.Combine(NodeProcess.Repository, "docs", "haproxy.cfg")]);
        start.Environment["BLAZORCHAT_BIND"] = bind;
        start.Environment["BLAZORCHAT_NODE_1"] = one.Address.Authority;
        start.Environment["BLAZORCHAT_NODE_2"] = two.Address.Authority;
        var balancer = new LoadBalancer(Process.Start(start)!, new Uri($"http://{bind}/"));
        using var http = new HttpClient { BaseAddress = balancer.Address, Timeout = Patience };
        using var timeout = new CancellationTokenSource(Patience);
        while (!await AnswersAsync(http))
        {
            if (balancer._process.HasExited)
                throw new InvalidOperationException("HAProxy ended at once; its reason is in the output.");
            await Task.Delay(50, timeout.Token);
        }

        return balancer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
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
