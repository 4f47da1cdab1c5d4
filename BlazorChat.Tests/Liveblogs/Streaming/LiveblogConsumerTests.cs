using System.Net;
using System.Security.Claims;
using BlazorChat.Channels.Layer;
using BlazorChat.Liveblogs;

namespace BlazorChat.Tests.Liveblogs.Streaming;

/// <summary>The sockets of liveblogs on a real node, as docs/protocol.md describes them; what they tell is written on another node.</summary>
public sealed class LiveblogConsumerTests : IAsyncLifetime
{
    private RedisServer _redis = default!;
    private TestDatabase _desk = default!;
    private NodeProcess _node = default!;
    private ClaimsPrincipal _admin = default!;
    private LiveblogView _launch = default!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _desk = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _admin = await _desk.AddPersonAsync("Ada", isAdmin: true);
        _launch = await StartAsync("launch");
        _node = await _desk.StartProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _desk.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_is_told_of_every_change_by_number_and_of_the_end()
    {
        await using var reader = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/launch/");

        var post = await WriteAsync(_launch, "hello");
        Assert.Equal($$"""{"type":"liveblog.post.created","liveblog":"launch","post_id":{{post.Id}},"revision":1}""", await reader.ReceiveTextAsync());
        await _desk.EditPostAsync(_admin, _launch, post.Id, "hello again");
        Assert.Equal($$"""{"type":"liveblog.post.updated","liveblog":"launch","post_id":{{post.Id}},"revision":2}""", await reader.ReceiveTextAsync());
        await _desk.Editing.DeleteAsync(_admin, _launch.Id, post.Id, default);
        Assert.Equal($$"""{"type":"liveblog.post.deleted","liveblog":"launch","post_id":{{post.Id}},"revision":3}""", await reader.ReceiveTextAsync());
        await _desk.Liveblogs.ArchiveAsync(_admin, _launch.Id, default);
        Assert.Equal("""{"type":"liveblog.archived","liveblog":"launch","revision":4}""", await reader.ReceiveTextAsync());
        Assert.Equal((1000, "This liveblog is archived."), await reader.ClosedWithAsync());

        await using var late = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/launch/?after=2");
        Assert.Equal(3, await RevisionAsync(late));
        Assert.Equal(4, await RevisionAsync(late));
        Assert.Equal(1000, (await late.ClosedWithAsync()).Code);
        await using var tooLate = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/launch/");
        Assert.Equal((1000, "This liveblog is archived."), await tooLate.ClosedWithAsync());
    }

    [Fact]
    public async Task A_program_goes_on_from_the_revision_it_has()
    {
        for (var i = 0; i < 20; i++)
            await WriteAsync(_launch, $"{i}");

        await using var all = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/launch/?after=0");
        await using var rest = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/launch/?after=17");

        for (var i = 1; i <= 20; i++)
            Assert.Equal(i, await RevisionAsync(all));
        for (var i = 18; i <= 20; i++)
            Assert.Equal(i, await RevisionAsync(rest));
    }

    [Fact]
    public async Task One_socket_follows_every_live_liveblog_and_those_that_start_later_from_their_beginning()
    {
        var match = await StartAsync("match");
        var draft = await _desk.Liveblogs.CreateAsync(_admin, "Later", "later", default);
        await WriteAsync(match, "before anybody looks");
        await WriteAsync(draft, "written before it starts");
        await using var reader = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/");
        await using var all = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/?after=0");
        Assert.Equal(("match", 1), await NextAsync(all));

        await WriteAsync(_launch, "lift-off");
        Assert.Equal(("launch", 1), await NextAsync(reader));
        await WriteAsync(match, "goal");
        Assert.Equal(("match", 2), await NextAsync(reader));
        await WriteAsync(draft, "still a draft");
        await _desk.Liveblogs.StartAsync(_admin, draft.Id, default);
        await WriteAsync(draft, "live");
        for (var i = 1; i <= 3; i++)
            Assert.Equal(("later", i), await NextAsync(reader));
        await _desk.Liveblogs.ArchiveAsync(_admin, match.Id, default);
        Assert.Equal(("match", 3), await NextAsync(reader));
        await WriteAsync(_launch, "orbit");
        Assert.Equal(("launch", 2), await NextAsync(reader));
    }

    [Fact]
    public async Task A_liveblog_that_starts_while_Redis_is_away_comes_in_when_it_is_back()
    {
        await using var reader = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/");
        await WriteAsync(_launch, "everything works");
        Assert.Equal(("launch", 1), await NextAsync(reader));

        await _redis.KillAsync();
        await _desk.Layer.WaitForStateAsync(LayerState.Degraded);
        var unseen = await StartAsync("unseen");
        await WriteAsync(unseen, "nobody could be told");
        await _redis.StartAgainAsync();

        Assert.Equal(("unseen", 1), await NextAsync(reader));
    }

    [Fact]
    public async Task What_a_reader_sends_is_answered_by_an_error_and_a_flood_closes_the_socket()
    {
        await using var reader = await SocketClient.ConnectAsync(_node.Address, "ws/liveblog/launch/");

        for (var i = 0; i < 20; i++)
        {
            await reader.SendTextAsync("""{"type":"liveblog.post.create","title":"mine"}""");
            var error = await reader.ReceiveJsonAsync();
            Assert.Equal(("error", "unknown_command"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        }

        await WriteAsync(_launch, "still open");
        Assert.Equal(("launch", 1), await NextAsync(reader));
        await reader.SendTextAsync("once too often");
        Assert.Equal((1008, "This address takes no commands."), await reader.ClosedWithAsync());
        Assert.DoesNotContain("fail:", _node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_come_in_gets_a_status()
    {
        await _desk.Liveblogs.CreateAsync(_admin, "Draft", "draft", default);

        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(_node.Address, "ws/liveblog/nowhere/"));
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(_node.Address, "ws/liveblog/draft/"));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.StatusAsync(_node.Address, "ws/liveblog/launch/?after=x"));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.StatusAsync(_node.Address, "ws/liveblog/?after=-1"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(_node.Address, "ws/liveblog/launch/", origin: "http://evil.example"));
    }

    private async Task<LiveblogView> StartAsync(string slug) =>
        await _desk.Liveblogs.StartAsync(_admin, (await _desk.Liveblogs.CreateAsync(_admin, slug, slug, default)).Id, default);

    private Task<LiveblogPostView> WriteAsync(LiveblogView liveblog, string text) =>
        _desk.PostAsync(_admin, liveblog, text);

    private static async Task<long> RevisionAsync(SocketClient reader) => (await NextAsync(reader)).Revision;

    private static async Task<(string? Liveblog, long Revision)> NextAsync(SocketClient reader)
    {
        var frame = await reader.ReceiveJsonAsync();
        return (frame.GetProperty("liveblog").GetString(), frame.GetProperty("revision").GetInt64());
    }
}
