using System.Net;

namespace BlazorChat.Tests.Channels.WebSockets;

/// <summary>Every socket once with a peer that is no .NET program.</summary>
[Trait("Speed", "Slow")]
public sealed class NodeJsPeerTests(TestSite site) : IClassFixture<TestSite>
{
    private readonly Node _node = site.Node;
    private readonly FormClient _ada = site.Ada;

    [Fact]
    public async Task Echo()
    {
        await using var peer = await ConnectAsync("ws/echo/");

        await peer.SendTextAsync("안녕 👋");
        Assert.Equal("안녕 👋", (await peer.ReceiveAsync()).GetProperty("text").GetString());
        await peer.SendAsync([0, 1, 255]);
        Assert.Equal([0, 1, 255], (await peer.ReceiveAsync()).GetProperty("base64").GetBytesFromBase64());
        Assert.Equal((1000, ""), await peer.CloseAsync());
    }

    [Fact]
    public async Task Chat()
    {
        await using var peer = await ConnectAsync("ws/chat/1/chat/", _ada.Cookies);

        await peer.SendTextAsync("""{"message":"from Node"}""");
        var frames = new[] { await peer.ReceiveJsonAsync(), await peer.ReceiveJsonAsync() };

        Assert.Equal(
            ["chat.message.accepted", "chat.message.created"],
            frames.Select(frame => frame.GetProperty("type").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Account()
    {
        await using var peer = await ConnectAsync("ws/account/");

        await peer.SendTextAsync($$"""{"type":"account.login","email":"ada@example.org","password":"{{FormClient.Password}}"}""");

        Assert.Equal("Ada", (await peer.ReceiveJsonAsync()).GetProperty("user").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("ws/liveblog/launch/")]
    [InlineData("ws/liveblog/")]
    public async Task Liveblog(string path)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync(redis.ConnectionString);
        await using var node = await database.StartHostedAsync();
        var ada = await database.AddPersonAsync("Ada", isAdmin: true);
        var liveblog = await database.Lifecycle.CreateAsync(ada, "Launch", "launch", default);
        await database.Lifecycle.StartAsync(ada, liveblog.Id, default);
        var (peer, status) = await NodeJsPeer.ConnectAsync(node.Address, path);
        await using var _ = peer;
        Assert.Equal(HttpStatusCode.SwitchingProtocols, status);

        var post = await database.PostAsync(ada, liveblog, "Lift-off");
        var frame = await peer.ReceiveJsonAsync();

        Assert.Equal("liveblog.post.created", frame.GetProperty("type").GetString());
        Assert.Equal(post.Id, frame.GetProperty("post_id").GetInt32());
    }

    [Fact]
    public async Task Who_is_not_signed_in_gets_the_status()
    {
        var (peer, status) = await NodeJsPeer.ConnectAsync(_node.Address, "ws/chat/1/chat/");
        await peer.DisposeAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    private async Task<NodeJsPeer> ConnectAsync(string path, CookieContainer? cookies = null)
    {
        var (peer, status) = await NodeJsPeer.ConnectAsync(_node.Address, path, cookies);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, status);
        return peer;
    }
}
