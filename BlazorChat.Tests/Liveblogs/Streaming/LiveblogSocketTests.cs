using System.Net;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Liveblogs.Streaming;

/// <summary>The sockets of liveblogs, as docs/protocol.md describes them.</summary>
public sealed class LiveblogSocketTests : StreamingTest
{
    [Fact]
    public async Task A_reader_receives_every_change_by_its_revision_and_the_end()
    {
        await using var reader = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/launch/");

        var post = await WriteAsync(Launch, "hello");
        Assert.Equal($$"""{"type":"liveblog.post.created","liveblog":"launch","post_id":{{post.Id}},"revision":1}""", await reader.ReceiveTextAsync());
        await Desk.EditPostAsync(Admin, Launch, post.Id, "hello again");
        Assert.Equal($$"""{"type":"liveblog.post.updated","liveblog":"launch","post_id":{{post.Id}},"revision":2}""", await reader.ReceiveTextAsync());
        await Desk.Editing.DeleteAsync(Admin, Launch.Id, post.Id, default);
        Assert.Equal($$"""{"type":"liveblog.post.deleted","liveblog":"launch","post_id":{{post.Id}},"revision":3}""", await reader.ReceiveTextAsync());
        await Desk.Lifecycle.ArchiveAsync(Admin, Launch.Id, default);
        Assert.Equal("""{"type":"liveblog.archived","liveblog":"launch","revision":4}""", await reader.ReceiveTextAsync());
        Assert.Equal((1000, "This liveblog is archived."), await reader.ClosedWithAsync());

        await using var late = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/launch/?after=2");
        Assert.Equal(3, await RevisionAsync(late));
        Assert.Equal(4, await RevisionAsync(late));
        Assert.Equal(1000, (await late.ClosedWithAsync()).Code);
        await using var tooLate = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/launch/");
        Assert.Equal((1000, "This liveblog is archived."), await tooLate.ClosedWithAsync());
    }

    [Fact]
    public async Task A_program_resumes_from_its_revision()
    {
        for (var i = 0; i < 20; i++)
            await WriteAsync(Launch, $"{i}");

        await using var all = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/launch/?after=0");
        await using var rest = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/launch/?after=17");

        for (var i = 1; i <= 20; i++)
            Assert.Equal(i, await RevisionAsync(all));
        for (var i = 18; i <= 20; i++)
            Assert.Equal(i, await RevisionAsync(rest));
    }

    [Fact]
    public async Task One_socket_follows_every_live_liveblog_and_later_ones_from_their_first_post()
    {
        var match = await Desk.StartLiveblogAsync(Admin, "match");
        var draft = await Desk.Lifecycle.CreateAsync(Admin, "Later", "later", default);
        await WriteAsync(match, "before the readers connect");
        await WriteAsync(draft, "written before it starts");
        await using var reader = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/");
        await using var all = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/?after=0");
        Assert.Equal(("match", 1), await NextAsync(all));

        await WriteAsync(Launch, "lift-off");
        Assert.Equal(("launch", 1), await NextAsync(reader));
        await WriteAsync(match, "goal");
        Assert.Equal(("match", 2), await NextAsync(reader));
        await WriteAsync(draft, "still a draft");
        await Desk.Lifecycle.StartAsync(Admin, draft.Id, default);
        await WriteAsync(draft, "live");
        for (var i = 1; i <= 3; i++)
            Assert.Equal(("later", i), await NextAsync(reader));
        await Desk.Lifecycle.ArchiveAsync(Admin, match.Id, default);
        Assert.Equal(("match", 3), await NextAsync(reader));
        await WriteAsync(Launch, "orbit");
        Assert.Equal(("launch", 2), await NextAsync(reader));
    }

    [Fact]
    public async Task A_liveblog_that_starts_while_Redis_is_down_is_followed_when_it_is_back()
    {
        await using var reader = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/");
        await WriteAsync(Launch, "everything works");
        Assert.Equal(("launch", 1), await NextAsync(reader));

        await Redis.KillAsync();
        await Desk.Layer.WaitForStateAsync(LayerState.Degraded);
        var unseen = await Desk.StartLiveblogAsync(Admin, "unseen");
        await WriteAsync(unseen, "published while Redis is down");
        await Redis.StartAgainAsync();

        Assert.Equal(("unseen", 1), await NextAsync(reader));
    }

    [Fact]
    public async Task Messages_of_a_reader_are_answered_by_errors_and_too_many_close_the_socket()
    {
        await using var reader = await SocketClient.ConnectAsync(Node.Address, "ws/liveblog/launch/");

        for (var i = 0; i < 20; i++)
        {
            await reader.SendTextAsync("""{"type":"liveblog.post.create","title":"mine"}""");
            var error = await reader.ReceiveJsonAsync();
            Assert.Equal(("error", "unknown_command"), (error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
        }

        await WriteAsync(Launch, "still open");
        Assert.Equal(("launch", 1), await NextAsync(reader));
        await reader.SendTextAsync("one too many");
        Assert.Equal((1008, "This address accepts no commands."), await reader.ClosedWithAsync());
        Assert.DoesNotContain("fail:", Node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_has_a_status()
    {
        await Desk.Lifecycle.CreateAsync(Admin, "Draft", "draft", default);

        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(Node.Address, "ws/liveblog/nowhere/"));
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(Node.Address, "ws/liveblog/draft/"));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.StatusAsync(Node.Address, "ws/liveblog/launch/?after=x"));
        Assert.Equal(HttpStatusCode.BadRequest, await SocketClient.StatusAsync(Node.Address, "ws/liveblog/?after=-1"));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(Node.Address, "ws/liveblog/launch/", origin: "http://evil.example"));
    }

    private static async Task<long> RevisionAsync(SocketClient reader) => (await NextAsync(reader)).Revision;

    private static async Task<(string? Liveblog, long Revision)> NextAsync(SocketClient reader)
    {
        var frame = await reader.ReceiveJsonAsync();
        return (frame.GetProperty("liveblog").GetString(), frame.GetProperty("revision").GetInt64());
    }
}
