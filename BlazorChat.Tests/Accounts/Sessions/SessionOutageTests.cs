using System.Net;

namespace BlazorChat.Tests.Accounts.Sessions;

/// <summary>Sessions while a node or Redis is down.</summary>
[Trait("Speed", "Slow")]
public sealed class SessionOutageTests : IAsyncLifetime
{
    private const string Chat = "ws/chat/1/chat/";

    private readonly KillableSite _site = new();
    private Member _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        await _site.InitializeAsync();
        _zoe = await _site.JoinAsync("Zoe");
    }

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return _site.DisposeAsync();
    }

    [Fact]
    public async Task Without_Redis_a_session_ends_on_the_other_node_too()
    {
        await using var socket = await SocketClient.ConnectAsync(_site.Second.Address, Chat, _zoe.Cookies);
        await _site.Redis.KillAsync();

        await _zoe.SignOutAsync();

        Assert.Equal((1008, "The sign-in has ended."), await socket.ClosedWithAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(_site.Second.Address, Chat, _zoe.Cookies));
    }

    [Fact]
    public async Task A_session_outlives_its_node_and_is_valid_on_every_node()
    {
        await _site.Process.KillAsync();
        await _site.Process.StartAgainAsync();

        Assert.True(await _zoe.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await SocketClient.StatusAsync(_site.Second.Address, Chat, _zoe.Cookies));
    }
}
