using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using BlazorChat.Tests.Browser;

namespace BlazorChat.Tests.Channels.WebSockets;

/// <summary>Sockets of a real node, at the echo's address.</summary>
[Trait("Speed", "Slow")]
public sealed class WebSocketTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    private readonly Node _node = site.Node;

    [Fact]
    public async Task Text_and_binary_come_back_as_they_were_in_order()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        byte[] bytes = [.. Enumerable.Range(0, 60_000).Select(i => (byte)i)];

        await socket.SendTextAsync("");
        await socket.SendTextAsync("안녕 👋");
        await socket.SendAsync(bytes, WebSocketMessageType.Binary);
        await socket.SendAsync([], WebSocketMessageType.Binary);

        Assert.Equal("", await socket.ReceiveTextAsync());
        Assert.Equal("안녕 👋", await socket.ReceiveTextAsync());
        var (type, message) = await socket.ReceiveAsync();
        Assert.Equal(WebSocketMessageType.Binary, type);
        Assert.Equal(bytes, message);
        Assert.Empty((await socket.ReceiveAsync()).Message);
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_browser_echoes_too()
    {
        await using var anonymous = await browser.NewPersonAsync(_node.Address, "Zoe");
        await anonymous.Page.GotoAsync("account/login");

        var echoed = await anonymous.Page.EvaluateAsync<string>(
            """
            () => new Promise((resolve, reject) => {
                const socket = new WebSocket(`ws://${location.host}/ws/echo/`);
                socket.onerror = reject;
                socket.onopen = () => socket.send("from a browser");
                socket.onmessage = event => { socket.close(); resolve(event.data); };
            })
            """);

        Assert.Equal("from a browser", echoed);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.SwitchingProtocols)]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    public async Task Only_pages_of_this_host_may_connect(string? origin, HttpStatusCode status) =>
        Assert.Equal(status, await SocketClient.StatusAsync(_node.Address, "ws/echo/", origin: origin));

    [Fact]
    public async Task Pages_of_a_listed_origin_may_connect_too()
    {
        await using var node = await HostedNode.StartAsync(null, "Channels:AllowedOrigins:0=https://example.org");

        Assert.Equal(HttpStatusCode.SwitchingProtocols, await SocketClient.StatusAsync(node.Address, "ws/echo/", origin: "https://example.org"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(node.Address, "ws/echo/", origin: "https://other.example"));
        Assert.Equal(
            HttpStatusCode.SwitchingProtocols,
            await SocketClient.StatusAsync(node.Address, "ws/echo/", origin: node.Address.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task An_address_opens_so_many_in_a_minute()
    {
        await using var node = await HostedNode.StartAsync(null, $"Channels:ConnectionsPerMinute={MinuteLimit.PerMinute}");

        await MinuteLimit.AssertAsync(HttpStatusCode.SwitchingProtocols, _ => SocketClient.StatusAsync(node.Address, "ws/echo/"));
    }

    [Fact]
    public async Task A_request_that_is_no_socket_is_answered_with_upgrade_required()
    {
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri(_node.Address, "ws/echo/"));

        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
        Assert.Equal("websocket", answer.Headers.Upgrade.Single().Name);
    }

    [Fact]
    public async Task What_is_too_long_or_no_text_closes_with_its_code_and_the_node_goes_on()
    {
        await using var huge = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        await huge.SendAsync(new byte[10_000_000], WebSocketMessageType.Binary);
        Assert.Equal((1009, "A message has at most 65536 bytes."), await huge.ClosedWithAsync());

        await using var broken = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        await broken.SendAsync([0x68, 0xc3, 0x28], WebSocketMessageType.Text);
        Assert.Equal(1007, (await broken.ClosedWithAsync()).Code);

        await using var next = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        await next.SendTextAsync("still here");
        Assert.Equal("still here", await next.ReceiveTextAsync());
        Assert.DoesNotContain("fail:", _node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_never_reads_is_closed_and_costs_no_memory()
    {
        await using var deaf = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        var message = new byte[60_000];

        // It sends more than both buffers of the connection and the queue hold, and reads nothing of what comes back.
        for (var i = 0; i < 500; i++)
        {
            if (await Record.ExceptionAsync(() => deaf.SendAsync(message, WebSocketMessageType.Binary)) is not null)
                break;
        }

        var (code, reason) = await deaf.ClosedWithAsync();
        Assert.Equal(1013, code);
        Assert.StartsWith("Too slow", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_never_reads_again_is_cut_off()
    {
        await using var deaf = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        var message = new byte[60_000];
        using var timeout = new CancellationTokenSource(TestWait.Limit);

        // While the node sends the reason, it reads and drops further messages.
        Exception? cut = null;
        while (cut is null && !timeout.IsCancellationRequested)
            cut = await Record.ExceptionAsync(() => deaf.SendAsync(message, WebSocketMessageType.Binary));

        Assert.IsType<WebSocketException>(cut);
    }

    [Fact]
    public async Task A_peer_that_answers_no_ping_is_disconnected()
    {
        await using var node = await HostedNode.StartAsync(null, "Channels:KeepAliveInterval=00:00:01", "Channels:KeepAliveTimeout=00:00:01");
        // Reads what comes and never answers, not even a ping: as when its machine was switched off.
        using var peer = new TcpClient();
        await peer.ConnectAsync(node.Address.Host, node.Address.Port);
        var stream = peer.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ws/echo/ HTTP/1.1\r\nHost: {node.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var buffer = new byte[4096];
        Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)), StringComparison.Ordinal);

        using var timeout = new CancellationTokenSource(TestWait.Limit);
        var isGone = false;
        while (!isGone)
        {
            try
            {
                isGone = await stream.ReadAsync(buffer, timeout.Token) == 0;
            }
            catch (IOException)
            {
                isGone = true;
            }
        }

        Assert.DoesNotContain("fail:", node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_stops_closes_with_1001()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var socket = await SocketClient.ConnectAsync(node.Address, "ws/echo/");
        var closed = socket.ClosedWithAsync();

        Assert.Equal(0, await node.StopAsync());

        Assert.Equal((1001, "The server restarts: reconnect."), await closed);
    }
}
