using System.Net.WebSockets;

namespace BlazorChat.Tests.Channels.WebSockets;

/// <summary>Peers that mean no good: the node goes on, and its memory does not follow them.</summary>
[Trait("Speed", "Slow")]
public sealed class FloodTests : IAsyncLifetime
{
    private const int Megabyte = 1024 * 1024;

    private NodeProcess _node = default!;
    private FormClient _ada = default!;

    public async ValueTask InitializeAsync()
    {
        _node = await NodeProcess.StartAsync();
        _ada = new FormClient(_node.Address);
        await _ada.SetUpAsync();
    }

    public ValueTask DisposeAsync()
    {
        _ada.Dispose();
        return _node.DisposeAsync();
    }

    [Fact]
    public async Task Peers_that_flood_messages_and_read_nothing_are_disconnected()
    {
        var before = _node.ResidentBytes;
        var message = new string('x', 8_000);

        // 8 peers with 2,000 messages of 8,000 bytes: 128 MB, if they were held.
        var floods = Enumerable.Range(0, 8).Select(async i =>
        {
            await using var flood = await SocketClient.ConnectAsync(
                _node.Address, i % 2 == 0 ? "ws/chat/1/chat/" : "ws/account/", _ada.Cookies);
            for (var n = 0; n < 2_000; n++)
            {
                if (await Record.ExceptionAsync(() => flood.SendTextAsync($$"""{"type":"flood","message":"{{message}}"}""")) is not null)
                    return;
            }
        });
        await Task.WhenAll(floods);

        await AssertUnharmedAsync();
        Assert.InRange(_node.ResidentBytes - before, long.MinValue, 96L * Megabyte);
    }

    [Fact]
    public async Task Connections_that_open_and_close_leak_nothing()
    {
        await ComeAndGoAsync(200);

        // A leak grows in each round. A heap that was not collected yet, on a busy machine, does not.
        var growth = long.MaxValue;
        for (var round = 1; round <= 3 && growth > 64L * Megabyte; round++)
        {
            var before = _node.ResidentBytes;
            await ComeAndGoAsync(800);
            growth = _node.ResidentBytes - before;
        }

        await AssertUnharmedAsync();
        Assert.InRange(growth, long.MinValue, 64L * Megabyte);
    }

    private async Task ComeAndGoAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await using var socket = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
            await socket.SendAsync(new byte[60_000], WebSocketMessageType.Binary);
        }
    }

    private async Task AssertUnharmedAsync()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, "ws/echo/");
        await socket.SendTextAsync("still here");
        Assert.Equal("still here", await socket.ReceiveTextAsync());
        Assert.DoesNotContain("fail:", _node.Log, StringComparison.Ordinal);
    }
}
