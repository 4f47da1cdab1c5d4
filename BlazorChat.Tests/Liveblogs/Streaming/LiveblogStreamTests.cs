using System.Diagnostics;
using System.Net;
using BlazorChat.Tests.Browser;

namespace BlazorChat.Tests.Liveblogs.Streaming;

/// <summary>The event stream of a liveblog, as docs/protocol.md describes it.</summary>
[Trait("Speed", "Slow")]
public sealed class LiveblogStreamTests(BrowserFixture browser) : StreamingTest
{
    private const string Address = "liveblogs/launch/events";

    [Fact]
    public async Task A_reader_receives_every_change_in_order_and_the_end()
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

        var edited = await Desk.EditPostAsync(Admin, Launch, post.Id, "in orbit", "Orbit");
        (name, data) = await reader.ReceiveJsonAsync();
        Assert.Equal(("liveblog.post.updated", "2", "Orbit"), (name, reader.LastEventId, data.GetProperty("title").GetString()));
        Assert.Equal(edited.EditedAt, data.GetProperty("edited_at").GetDateTime());

        await Desk.Editing.DeleteAsync(Admin, Launch.Id, post.Id, default);
        var deleted = await reader.ReceiveAsync();
        Assert.Equal(("liveblog.post.deleted", "3", $$"""{"post_id":{{post.Id}}}"""), (deleted.EventType, reader.LastEventId, deleted.Data));

        await Desk.Lifecycle.ArchiveAsync(Admin, Launch.Id, default);
        var archived = await reader.ReceiveAsync();
        Assert.Equal(("liveblog.archived", "4"), (archived.EventType, reader.LastEventId));
        Assert.Contains("Ended", archived.Data, StringComparison.Ordinal);
        Assert.True(await reader.EndedAsync());
    }

    [Fact]
    public async Task A_reader_that_reconnects_loses_nothing_even_before_its_first_event()
    {
        string position;
        await using (var reader = await ConnectAsync())
        {
            // The position has an id too, and is sent before the first event.
            await reader.ReceiveNothingAsync(TimeSpan.FromSeconds(1));
            position = reader.LastEventId;
        }

        await WriteAsync("one");
        await WriteAsync("two");
        await using (var reader = await ConnectAsync(position))
            Assert.Equal("1", (await reader.ReceiveAsync()).EventId);
        await WriteAsync("three");

        await using (var reader = await ConnectAsync("1"))
        {
            Assert.Equal("2", (await reader.ReceiveAsync()).EventId);
            Assert.Equal("3", (await reader.ReceiveAsync()).EventId);
        }

        await using var ahead = await ConnectAsync("999");
        await using var tool = await StreamClient.ConnectAsync(Node.Address, $"{Address}?after=2");
        Assert.Equal("3", (await tool.ReceiveAsync()).EventId);
        // A revision that does not exist yet is of another history.
        await WriteAsync("four");
        Assert.Equal("4", (await ahead.ReceiveAsync()).EventId);
    }

    [Fact]
    public async Task An_archived_liveblog_is_answered_by_no_content_after_its_last_change()
    {
        await WriteAsync("one");
        await WriteAsync("two");
        await Desk.Lifecycle.ArchiveAsync(Admin, Launch.Id, default);

        Assert.Equal(HttpStatusCode.NoContent, await StreamClient.StatusAsync(Node.Address, Address));
        Assert.Equal(HttpStatusCode.NoContent, await StreamClient.StatusAsync(Node.Address, Address, lastEventId: "3"));
        await using var reader = await ConnectAsync("1");
        Assert.Equal("liveblog.post.created", (await reader.ReceiveAsync()).EventType);
        Assert.Equal("liveblog.archived", (await reader.ReceiveAsync()).EventType);
        Assert.True(await reader.EndedAsync());
    }

    [Fact]
    public async Task A_refused_connection_has_a_status()
    {
        var draft = await Desk.Lifecycle.CreateAsync(Admin, "Draft", "draft", default);
        await Desk.PostAsync(Admin, draft, "secret");

        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(Node.Address, "liveblogs/draft/events"));
        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(Node.Address, "liveblogs/draft/events?after=0"));
        Assert.Equal(HttpStatusCode.NotFound, await StreamClient.StatusAsync(Node.Address, "liveblogs/nowhere/events"));
        Assert.Equal(HttpStatusCode.BadRequest, await StreamClient.StatusAsync(Node.Address, Address, lastEventId: "-1"));
        Assert.Equal(HttpStatusCode.BadRequest, await StreamClient.StatusAsync(Node.Address, $"{Address}?after=99999999999999999999"));
        Assert.Equal(HttpStatusCode.Forbidden, await StreamClient.StatusAsync(Node.Address, Address, origin: "http://evil.example"));
    }

    [Fact]
    public async Task Readers_of_two_nodes_lose_duplicate_and_reorder_nothing_while_Redis_restarts()
    {
        await using var other = await Desk.StartHostedAsync();
        await using var second = await Desk.AddNodeAsync();
        var readers = new List<StreamClient>();
        for (var i = 0; i < 20; i++)
            readers.Add(await StreamClient.ConnectAsync((i % 2 == 0 ? Node : other).Address, Address));

        for (var i = 1; i <= 90; i++)
        {
            await (i % 2 == 0 ? Desk : second).PostAsync(Admin, Launch, $"{i}");
            if (i == 30)
                await Redis.KillAsync();
            if (i == 60)
                await Redis.StartAgainAsync();
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
    public async Task A_node_that_stops_ends_its_streams_and_another_one_resumes_them()
    {
        await using var node = await Desk.StartProcessAsync();
        await using var reader = await StreamClient.ConnectAsync(node.Address, Address);
        await WriteAsync("before");
        Assert.Equal("1", (await reader.ReceiveAsync()).EventId);
        var ended = reader.EndedAsync();

        Assert.Equal(0, await node.StopAsync());
        Assert.True(await ended);
        await WriteAsync("meanwhile");

        await using var again = await StreamClient.ConnectAsync(Node.Address, Address, reader.LastEventId);
        Assert.Equal("2", (await again.ReceiveAsync()).EventId);
    }

    [Fact]
    public async Task Curl_reads_the_stream_and_resumes_it()
    {
        await WriteAsync("one");
        await WriteAsync("two\n\nand a half");

        using var curl = Process.Start(new ProcessStartInfo("curl", ["-sN", "--max-time", "20", "-H", "Last-Event-ID: 1", new Uri(Node.Address, Address).ToString()])
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
    public async Task A_browsers_EventSource_resumes_after_a_restart_and_stops_at_the_end()
    {
        await using var node = await Desk.StartProcessAsync();
        await using var reader = await browser.NewPersonAsync(node.Address, "Zoe");
        reader.ExpectedErrors.Add("ERR_");
        await reader.Page.GotoAsync("setup");
        await reader.Page.EvaluateAsync(
            """
            address => new Promise(resolve => {
                window.received = [];
                window.source = new EventSource(address);
                for (const name of ["liveblog.post.created", "liveblog.post.updated", "liveblog.post.deleted", "liveblog.archived"])
                    source.addEventListener(name, event => received.push(`${event.lastEventId} ${name} ${/<p>[^<]*<\/p>/.exec(JSON.parse(event.data).article ?? "")?.[0] ?? ""}`));
                source.addEventListener("open", resolve, { once: true });
            })
            """,
            $"/{Address}");

        // The node stops before the first event.
        Assert.Equal(0, await node.StopAsync());
        var post = await WriteAsync("one");
        await node.StartAgainAsync();
        await ReceivedAsync(reader, "1 liveblog.post.created <p>one</p>");

        await node.KillAsync();
        await Desk.EditPostAsync(Admin, Launch, post.Id, "one, corrected");
        await WriteAsync("two");
        await node.StartAgainAsync();
        await ReceivedAsync(reader, "3 liveblog.post.created <p>two</p>");

        await Desk.Lifecycle.ArchiveAsync(Admin, Launch.Id, default);
        await ReceivedAsync(reader, "4 liveblog.archived ");
        await reader.Page.WaitForFunctionAsync("() => source.readyState === EventSource.CLOSED");
        Assert.Equal(
            [
                "1 liveblog.post.created <p>one</p>", "2 liveblog.post.updated <p>one, corrected</p>",
                "3 liveblog.post.created <p>two</p>", "4 liveblog.archived ",
            ],
            await reader.Page.EvaluateAsync<string[]>("() => received"));
    }

    private Task<StreamClient> ConnectAsync(string? lastEventId = null) => StreamClient.ConnectAsync(Node.Address, Address, lastEventId);

    private static async Task ReceivedAsync(Person reader, string last) =>
        await reader.Page.WaitForFunctionAsync("last => received.at(-1) === last", last);
}
