using System.Net;
using BlazorChat.Channels;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.WebSockets;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Channels.Admission;

/// <summary>What every entry point has in common, at a socket of a small app.</summary>
public sealed class AdmissionControlTests
{
    private const string Path = "ws/echo/";

    /// <summary>A peer sends its address in this header.</summary>
    private const string From = "From-Address";

    [Fact]
    public async Task G13_Open_connections_are_bounded_per_address_and_in_all()
    {
        await using var app = await StartAsync(("Channels:MaxOpenPerAddress", "2"), ("Channels:MaxOpen", "3"));
        await using var first = await ConnectAsync(app, "192.0.2.1");
        await using var second = await ConnectAsync(app, "192.0.2.1");

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "rate_limited", "Your address has too many open connections.", 10), await RefusedAsync(app, "192.0.2.1"));
        await using var other = await ConnectAsync(app, "192.0.2.2");
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "unavailable", "The server has as many open connections as it accepts.", 10), await RefusedAsync(app, "192.0.2.3"));

        await first.CloseAsync();
        await WaitForOpenAsync(app, 2);
        await using var next = await ConnectAsync(app, "192.0.2.1");
    }

    [Fact]
    public async Task Openings_are_bounded_per_address_and_a_refusal_has_a_retry_delay()
    {
        await using var app = await StartAsync(("Channels:ConnectionsPerMinute", "60"));
        for (var i = 0; i < 60; i++)
            await (await ConnectAsync(app, "192.0.2.1")).DisposeAsync();

        Assert.Equal((HttpStatusCode.TooManyRequests, "rate_limited", "Too many connections from your address.", 1), await RefusedAsync(app, "192.0.2.1"));
        await using var other = await ConnectAsync(app, "192.0.2.2");
    }

    [Fact]
    public async Task Openings_are_bounded_in_all()
    {
        await using var app = await StartAsync(("Channels:AdmissionsPerMinute", "60"));
        for (var i = 0; i < 60; i++)
            await (await ConnectAsync(app, $"192.0.2.{i}")).DisposeAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable", "The server is asked for too many connections.", 1), await RefusedAsync(app, "192.0.2.99"));
    }

    [Fact]
    public async Task Nothing_is_opened_while_memory_is_short()
    {
        await using var app = await StartAsync(("Channels:MinFreeMemory", $"{long.MaxValue}"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable", "The server is short of memory.", 10), await RefusedAsync(app, "192.0.2.1"));
    }

    [Fact]
    public void Free_memory_is_more_than_nothing_and_less_than_the_machine_has()
    {
        var free = new FreeMemory(TimeProvider.System).Bytes;

        Assert.InRange(free, 1, GC.GetGCMemoryInfo().HighMemoryLoadThresholdBytes * 2);
    }

    [Fact]
    public async Task A12_A_page_of_the_same_host_with_another_scheme_is_refused()
    {
        await using var app = await StartAsync();

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await SocketClient.StatusAsync(app.Address, Path, origin: $"http://{app.Address.Authority}"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(app.Address, Path, origin: $"https://{app.Address.Authority}"));
    }

    private static Task<ConsumerApp> StartAsync(params (string, string)[] settings) => ConsumerApp.StartAsync(
        app =>
        {
            app.Use((context, next) =>
            {
                if (IPAddress.TryParse(context.Request.Headers[From], out var address))
                    context.Connection.RemoteIpAddress = address;
                return next(context);
            });
            app.MapConsumer<EchoConsumer>($"/{Path}");
        },
        // It stands still, so that no permit returns while a slow machine acquires them.
        services => services.AddSingleton<TimeProvider>(new FakeTimeProvider()),
        settings: settings);

    private static Task<SocketClient> ConnectAsync(ConsumerApp app, string address) =>
        SocketClient.ConnectAsync(app.Address, Path, headers: (From, address));

    private static async Task<(HttpStatusCode Status, string Code, string Message, int RetryAfter)> RefusedAsync(ConsumerApp app, string address)
    {
        using var http = new HttpClient { BaseAddress = app.Address, DefaultRequestHeaders = { { From, address } } };
        using var answer = await http.GetAsync(new Uri(Path, UriKind.Relative));
        var error = await answer.Content.ReadFromJsonAsync<ErrorFrame>();
        return (answer.StatusCode, error!.Code, error.Message, (int)answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    /// <summary>The node learns a moment after the peer that a connection has ended.</summary>
    private static async Task WaitForOpenAsync(ConsumerApp app, int count)
    {
        var control = app.Services.GetRequiredService<AdmissionControl>();
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (control.Open > count)
            await Task.Delay(10, timeout.Token);
    }
}
