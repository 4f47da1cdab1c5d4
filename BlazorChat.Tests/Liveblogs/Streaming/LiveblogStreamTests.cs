using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using BlazorChat.Liveblogs;
using BlazorChat.Tests.Browser;

namespace BlazorChat.Tests.Liveblogs.Streaming;

/// <summary>The event stream of a liveblog on real nodes, as docs/protocol.md describes it; what it tells is written on another node.</summary>
[Trait("Speed", "Slow")]
public sealed class LiveblogStreamTests(BrowserFixture browser) : IAsyncLifetime
{
    private const string Address = "liveblogs/launch/events";

    private RedisServer _redis = default!;
    private TestDatabase _desk = default!;
    private Node _node = default!;
    private ClaimsPrincipal _admin = default!;
    private LiveblogView _launch = default!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _desk = await TestDatabase.CreateAsync(_redis.ConnectionString);
        _admin = await _desk.AddPersonAsync("Ada", isAdmin: true);
        var draft = await _desk.Liveblogs.CreateAsync(_admin, "Launch", "launch", default);
        _launch = await _desk.Liveblogs.StartAsync(_admin, draft.Id, default);
        _node = await _desk.StartHostedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _desk.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_is_given_every_change_in_order_and_the_end()
    {
        await using var reader = await ConnectAsync();

        var post = await WriteAsync("**lift-off** 발사");
        var (name, data) = await reader.ReceiveJsonAsync();
        Assert.Equal(("liveblog.post.created", "1"), (name, reader.LastEventId));
        Assert.Equal(post.Id, data.GetProperty("post_id").GetInt32());
        Assert.Equal("Ada", data.GetProperty("author_name").GetString());
        Assert.Equal("", data.GetProperty("title").GetString());
        Assert.Contains("<p><strong>lift-off</strong> 발사</p>", data.GetProperty("article").GetString(), StringComparison.Ordinal);
        Assert.False(data.GetProperty("is_pinned").GetBoolean());
        Assert.False(data.TryGetProperty("key_event", out _));
        Assert.Equal(post.PublishedAt, data.GetProperty("published_at").GetDateTime());
        Assert.False(data.TryGetProperty("edited_at", out _));

        var edited = await _desk.EditPostAsync(_admin, _launch, post.Id, "in orbit", "Orbit");
        (name, data) = await reader.ReceiveJsonAsync();
        Assert.Equal(("liveblog.post.updated", "2", "Orbit"), (name, reader.LastEventId, data.GetProperty("title").GetString()));
        Assert.Equal(edited.EditedAt, data.GetProperty("edited_at").GetDateTime());

        await _desk.Editing.DeleteAsync(_admin, _launch.Id, post.Id, default);
        var deleted = await reader.ReceiveAsync();
        Assert.Equal(("liveblog.post.deleted", "3", $$"""{"post_id":{{post.Id}}}"""), (deleted.EventType, reader.LastEventId, deleted.Data));

        await _desk.Liveblogs.ArchiveAsync(_admin, _launch.Id, default);
        var archived = await reader.ReceiveAsync();
        Assert.Equal(("liveblog.archived", "4"), (archived.EventType, reader.LastEventId));
        Assert.Contains("Ended", archived.Data, StringComparison.Ordinal);
        Assert.True(await reader.EndedAsync());
    }

    [Fact]
    public async Task A_reader_that_comes_back_loses_nothing_not_even_before_its_first_event()
    {
        string place;
        await using (var reader = await ConnectAsync())
        {
            // No event tells it where it stands: the place does, which comes before them.
            await reader.ReceiveNothingAsync(TimeSpan.FromSeconds(1));
            place = reader.LastEventId;
        }

        await WriteAsync("one");
        await WriteAsync("two");
        await using (var reader = await ConnectAsync(place))
            Assert.Equal("1", (await reader.ReceiveAsync()).EventId);
        await WriteAsync("three");

        await using (var reader = await ConnectAsync("1"))
        {
            Assert.Equal("2", (await reader.ReceiveAsync()).EventId);
            Assert.Equal("3", (await reader.ReceiveAsync()).EventId);
        }

        await using var ahead = await ConnectAsync("999");
        await using var tool = await StreamClient.ConnectAsync(_node.Address, $"{Address}?after=2");
        Assert.Equal("3", (await tool.ReceiveAsync()).EventId);
        // Nothing has this number yet, so it is from another history.
        await WriteAsync("four");
        Assert.Equal("4", (await ahead.ReceiveAsync()).EventId);
    }

    [Fact]
    public async Task What_is_over_is_answered_by_no_content_once_all_of_it_was_told()
    {
        await WriteAsync("one");
        await WriteAsync("two");
        await _desk.Liveblogs.ArchiveAsync(_admin, _launch.Id, default);

        Assert.Equal(HttpStatusCode.NoContent, await StreamClient.StatusAsync(_node.Address, Address));
        Assert.Equal(HttpStatusCode.NoContent, await StreamClient.StatusAsync(_node.Address, Address, lastEventId: "3"));
        await using var reader = await ConnectAsync("1");
        Assert.Equal("liveblog.post.created", (await reader.ReceiveAsync()).EventType);
        Assert.Equal("liveblog.archived", (await reader.ReceiveAsync()).EventType);
        Assert.True(await reader.EndedAsync());
    }

    [Fact]
    public async Task Who_may_not_come_in_gets_a_status()
    {
        var draft = await _desk.Liveblogs.CreateAsync(_admin, "Draft", "draft", default);
        await _desk.PostAsync(_admin, draft, "secret");

        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(_node.Address, "liveblogs/draft/events"));
        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(_node.Address, "liveblogs/draft/events?after=0"));
        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(_node.Address, "liveblogs/nowhere/events"));
        Assert.Equal(HttpStatusCode.BadRequest, await StreamClient.StatusAsync(_node.Address, Address, lastEventId: "-1"));
        Assert.Equal(HttpStatusCode.BadRequest, await StreamClient.StatusAsync(_node.Address, $"{Address}?after=99999999999999999999"));
        Assert.Equal(HttpStatusCode.Forbidden, await StreamClient.StatusAsync(_node.Address, Address, origin: "http://evil.example"));
    }

    [Fact]
    public async Task Readers_of_two_nodes_lose_double_and_reorder_nothing_while_Redis_is_killed_and_started_again()
    {
        await using var other = await _desk.StartHostedAsync();
        await using var second = await _desk.AddNodeAsync();
        var readers = new List<StreamClient>();
        for (var i = 0; i < 20; i++)
            readers.Add(await StreamClient.ConnectAsync((i % 2 == 0 ? _node : other).Address, Address));

        for (var i = 1; i <= 90; i++)
        {
            await (i % 2 == 0 ? _desk : second).PostAsync(_admin, _launch, $"{i}");
            if (i == 30)
                await _redis.KillAsync();
            if (i == 60)
                await _redis.StartAgainAsync();
        }

        foreach (var reader in readers)
        {
            await using var _ = reader;
            for (var i = 1; i <= 90; i++)
            {
                var (_, data) = await reader.ReceiveJsonAsync();
                Assert.Equal($"{i}", reader.LastEventId);
                Assert.Contains($"<p>{i}</p>", data.GetProperty("article").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_node_that_stops_ends_its_streams_and_they_go_on_on_another_one()
    {
        await using var node = await _desk.StartProcessAsync();
        await using var reader = await StreamClient.ConnectAsync(node.Address, Address);
        await WriteAsync("before");
        Assert.Equal("1", (await reader.ReceiveAsync()).EventId);
        var ended = reader.EndedAsync();

        Assert.Equal(0, await node.StopAsync());
        Assert.True(await ended);
        await WriteAsync("meanwhile");

        await using var again = await StreamClient.ConnectAsync(_node.Address, Address, reader.LastEventId);
        Assert.Equal("2", (await again.ReceiveAsync()).EventId);
    }

    [Fact]
    public async Task Curl_reads_the_stream_and_resumes_it()
    {
        await WriteAsync("one");
        await WriteAsync("two\n\nand a half");

        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sN", "--max-time", "20", "-H", "Last-Event-ID: 1", new Uri(_node.Address, Address).ToString()])
        {
            RedirectStandardOutput = true,
        })!;
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        var lines = new List<string?>();
        while (lines.LastOrDefault()?.StartsWith("data: {\"post_id\"", StringComparison.Ordinal) != true)
            lines.Add(await curl.StandardOutput.ReadLineAsync(timeout.Token));
        curl.Kill();

        Assert.Matches("^retry: [1-4][0-9]00$", lines[0]);
        Assert.Equal(
            ["", "event: heartbeat", "data: {\"interval_ms\":15000}", "", "id: 1", "", "id: 2", "event: liveblog.post.created"], lines[1..^1]);
        Assert.Contains("<p>two</p>\\n<p>and a half</p>", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browsers_EventSource_comes_back_after_a_restart_with_nothing_lost_and_stops_at_the_end()
    {
        await using var node = await _desk.StartProcessAsync();
        await using var reader = await browser.NewPersonAsync(node.Address, "Zoe");
        reader.ExpectedErrors.Add("ERR_");
        await reader.Page.GotoAsync("setup");
        await reader.Page.EvaluateAsync(
            """
            address => new Promise(resolve => {
                window.told = [];
                window.source = new EventSource(address);
                for (const name of ["liveblog.post.created", "liveblog.post.updated", "liveblog.post.deleted", "liveblog.archived"])
                    source.addEventListener(name, event => told.push(`${event.lastEventId} ${name} ${/<p>[^<]*<\/p>/.exec(JSON.parse(event.data).article ?? "")?.[0] ?? ""}`));
                source.addEventListener("open", resolve, { once: true });
            })
            """,
            $"/{Address}");

        // It was told of nothing yet when the node goes, and still knows where it stood.
        Assert.Equal(0, await node.StopAsync());
        var post = await WriteAsync("one");
        await node.StartAgainAsync();
        await ToldAsync(reader, "1 liveblog.post.created <p>one</p>");

        await node.KillAsync();
        await _desk.EditPostAsync(_admin, _launch, post.Id, "one, corrected");
        await WriteAsync("two");
        await node.StartAgainAsync();
        await ToldAsync(reader, "3 liveblog.post.created <p>two</p>");

        await _desk.Liveblogs.ArchiveAsync(_admin, _launch.Id, default);
        await ToldAsync(reader, "4 liveblog.archived ");
        await reader.Page.WaitForFunctionAsync("() => source.readyState === EventSource.CLOSED");
        Assert.Equal(
            [
                "1 liveblog.post.created <p>one</p>", "2 liveblog.post.updated <p>one, corrected</p>",
                "3 liveblog.post.created <p>two</p>", "4 liveblog.archived ",
            ],
            await reader.Page.EvaluateAsync<string[]>("() => told"));
    }

    private Task<StreamClient> ConnectAsync(string? lastEventId = null) => StreamClient.ConnectAsync(_node.Address, Address, lastEventId);

    private Task<LiveblogPostView> WriteAsync(string text) => _desk.PostAsync(_admin, _launch, text);

    private static async Task ToldAsync(Person reader, string last) =>
        await reader.Page.WaitForFunctionAsync("last => told.at(-1) === last", last);
}
