using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.EventStreams;
using BlazorChat.Channels.Layer;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BlazorChat.Tests.Channels.EventStreams;

/// <summary>One tick of a board that everybody watches.</summary>
[EventName("board.ticked")]
public sealed record Ticked(string Text, string? Name = null, string? Id = null);

[JsonSerializable(typeof(Ticked))]
internal sealed partial class BoardJson : JsonSerializerContext;

/// <summary>Streams the ticks of the board.</summary>
internal sealed class Watchers
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Left => _left.Task;

    public void Leave() => _left.TrySetResult();
}

/// <summary>Sends the position of its reader, and then every tick.</summary>
internal sealed class BoardConsumer(Watchers watchers) : EventStreamConsumer, IHandle<Ticked>
{
    protected override IEnumerable<string> Groups => ["board"];

    protected override ValueTask OnConnectingAsync(CancellationToken cancellationToken) =>
        Scope.Query.Contains("status=", StringComparison.Ordinal)
            ? throw new ConnectionRefusedException(int.Parse(Scope.Query.Split('=')[^1], System.Globalization.CultureInfo.InvariantCulture))
            : ValueTask.CompletedTask;

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        Send(EventStreamMessage.Position(LastEventId ?? "start"));
        Send(new EventStreamMessage(Scope.Protocol, "watching", LastEventId));
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnDisconnectedAsync()
    {
        watchers.Leave();
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(Ticked message, CancellationToken cancellationToken)
    {
        if (message.Text == "end")
            Close();
        else
            Send(new EventStreamMessage(message.Text, message.Name, message.Id));
        return ValueTask.CompletedTask;
    }
}

/// <summary>Sends more than any connection holds, as fast as its reader reads.</summary>
internal sealed class HistoryConsumer(Watchers watchers) : EventStreamConsumer
{
    public const int Events = 400;

    private static readonly EventStreamMessage Page = new(new string('x', 64 * 1024), "page");

    protected override async ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Events; i++)
            await SendAsync(Page, cancellationToken);
        Close();
    }

    protected override ValueTask OnDisconnectedAsync()
    {
        watchers.Leave();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Event streams on a real Kestrel.</summary>
public sealed class EventStreamTests : IAsyncLifetime
{
    private const string Session = "the-session";

    private ConsumerApp _app = default!;

    public async ValueTask InitializeAsync() => _app = await StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Events_come_with_their_names_ids_and_every_line_in_order()
    {
        await using var reader = await ConnectAsync();

        await PublishAsync(new Ticked("one\ntwo\r\n안녕 👋", "greeting", "7"));
        await PublishAsync(new Ticked(""));
        var first = await reader.ReceiveAsync();
        var second = await reader.ReceiveAsync();

        Assert.Equal(("greeting", "one\ntwo\n안녕 👋", "7"), (first.EventType, first.Data, first.EventId));
        Assert.Equal(("message", ""), (second.EventType, second.Data));
        Assert.Equal("7", reader.LastEventId);
        Assert.InRange(reader.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_stream_is_neither_cached_nor_buffered_by_proxies()
    {
        await using var reader = await ConnectAsync();

        Assert.True(reader.Response.Headers.CacheControl is { NoStore: true, NoTransform: true });
        Assert.Equal("no", reader.Response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal(["identity"], reader.Response.Content.Headers.ContentEncoding);
        Assert.False(reader.Response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("?after=3", null, "3")]
    [InlineData("?after=3", "9", "9")]
    [InlineData("", "9", "9")]
    [InlineData("", null, "start")]
    public async Task A_reader_that_reconnects_names_its_last_event(string query, string? header, string lastEventId)
    {
        await using var reader = await StreamClient.ConnectAsync(_app.Address, $"board/events{query}", header);

        Assert.Equal("event-stream", (await reader.ReceiveAsync()).Data);

        Assert.Equal(lastEventId, reader.LastEventId);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(400)]
    [InlineData(404)]
    public async Task A_consumer_may_answer_with_a_status_instead(int status) =>
        Assert.Equal((HttpStatusCode)status, await StreamClient.StatusAsync(_app.Address, $"board/events?status={status}"));

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_page_of_another_host_is_refused(string origin) =>
        Assert.Equal(HttpStatusCode.Forbidden, await StreamClient.StatusAsync(_app.Address, "board/events", origin: origin));

    [Fact]
    public async Task A_page_of_a_listed_origin_may_read_with_its_visitors_cookie()
    {
        await using var app = await StartAsync(settings: ("Channels:AllowedOrigins:0", "https://example.org"));
        await using var reader = await StreamClient.ConnectAsync(app.Address, "board/events", origin: "https://example.org");

        Assert.Equal("https://example.org", reader.Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("true", reader.Response.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        Assert.Equal("Origin", reader.Response.Headers.Vary.Single());
        Assert.Equal(HttpStatusCode.Forbidden, await StreamClient.StatusAsync(app.Address, "board/events", origin: "https://other.example"));
    }

    [Fact]
    public async Task Streams_work_over_http_2()
    {
        await using var app = await StartAsync(HttpProtocols.Http2);
        await using var reader = await StreamClient.ConnectAsync(app.Address, "board/events", version: HttpVersion.Version20);
        await reader.ReceiveAsync();

        await app.Layer.PublishAsync("board", new Ticked("over one connection"));
        Assert.Equal("over one connection", (await reader.ReceiveAsync()).Data);
        await app.Layer.PublishAsync("board", new Ticked("end"));

        Assert.True(await reader.EndedAsync());
    }

    [Fact]
    public async Task A_stream_begins_with_a_heartbeat_that_names_the_interval()
    {
        await using var raw = await RawReader.ConnectAsync(_app.Address, "/board/events");

        await raw.ReadUntilAsync("00\n\nevent: heartbeat\ndata: {\"interval_ms\":15000}\n\n");
    }

    [Fact]
    public async Task Heartbeats_come_while_nothing_else_does_and_keep_the_readers_position()
    {
        await using var app = await StartAsync(settings: ("Channels:StreamHeartbeat", "00:00:01"));
        await using var reader = await StreamClient.ConnectAsync(app.Address, "board/events?after=7");
        Assert.Equal("watching", (await reader.ReceiveAsync()).EventType);

        await reader.ReceiveHeartbeatsAsync(3);
        await app.Layer.PublishAsync("board", new Ticked("after them"));

        Assert.Equal("after them", (await reader.ReceiveAsync()).Data);
        Assert.Equal("7", reader.LastEventId);
    }

    [Fact]
    public async Task A_reader_of_history_gets_all_of_it()
    {
        await using var reader = await StreamClient.ConnectAsync(_app.Address, "history/events");

        for (var i = 0; i < HistoryConsumer.Events; i++)
            Assert.Equal(64 * 1024, (await reader.ReceiveAsync()).Data.Length);

        Assert.True(await reader.EndedAsync());
    }

    [Fact]
    public async Task A_reader_that_stops_reading_is_cut_off_and_the_others_miss_nothing()
    {
        await using var reader = await ConnectAsync();
        await using var deaf = await RawReader.ConnectAsync(_app.Address, "/board/events");
        await deaf.ReadUntilAsync("event: watching");
        var left = _app.Services.GetRequiredService<Watchers>().Left;

        // More than both buffers of the deaf one's connection and its queue hold.
        var sent = 0;
        var text = new string('x', 64 * 1024);
        while (!left.IsCompleted)
        {
            await PublishAsync(new Ticked($"{++sent} {text}"));
            Assert.StartsWith($"{sent} ", (await reader.ReceiveAsync()).Data, StringComparison.Ordinal);
            Assert.InRange(sent, 1, 5_000);
        }

        Assert.False(await deaf.EndedWellAsync());
        await PublishAsync(new Ticked("after"));
        Assert.Equal("after", (await reader.ReceiveAsync()).Data);
    }

    [Fact]
    public async Task A_reader_that_stops_in_the_history_is_cut_off()
    {
        await using var deaf = await RawReader.ConnectAsync(_app.Address, "/history/events");

        await deaf.ReadUntilAsync("event: page");
        await _app.Services.GetRequiredService<Watchers>().Left.WaitAsync(TestWait.Limit);

        Assert.False(await deaf.EndedWellAsync());
    }

    [Fact]
    public async Task A_reader_that_disconnects_leaves_its_groups()
    {
        await using (await ConnectAsync())
        {
            Assert.False(_app.Services.GetRequiredService<Watchers>().Left.IsCompleted);
        }

        await _app.Services.GetRequiredService<Watchers>().Left.WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task A_stream_ends_with_the_session_that_let_it_in()
    {
        await using var signedIn = await StreamClient.ConnectAsync(_app.Address, "board/events?signed-in");
        await using var anonymous = await ConnectAsync();

        _app.Services.GetRequiredService<ConnectionRegistry>().End([Session]);

        Assert.True(await signedIn.EndedAsync());
        await PublishAsync(new Ticked("for anonymous readers"));
        Assert.Equal("for anonymous readers", (await anonymous.ReceiveAsync()).Data);
    }

    [Fact]
    public async Task An_app_that_stops_ends_its_streams_in_good_order()
    {
        await using var reader = await ConnectAsync();

        await PublishAsync(new Ticked("last words"));
        Assert.Equal("last words", (await reader.ReceiveAsync()).Data);
        await _app.StopAsync();

        Assert.True(await reader.EndedAsync());
    }

    private static Task<ConsumerApp> StartAsync(HttpProtocols protocols = HttpProtocols.Http1, params (string, string)[] settings) =>
        ConsumerApp.StartAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    if (context.Request.Query.ContainsKey("signed-in"))
                        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ConnectionRegistry.SessionClaim, Session)], "test"));
                    return next(context);
                });
                app.MapConsumer<BoardConsumer>("/board/events");
                app.MapConsumer<HistoryConsumer>("/history/events");
            },
            services => services.AddEvents(BoardJson.Default).AddSingleton<Watchers>(),
            protocols: protocols,
            settings: settings);

    /// <summary>A reader whose stream has joined the board.</summary>
    private async Task<StreamClient> ConnectAsync()
    {
        var reader = await StreamClient.ConnectAsync(_app.Address, "board/events");
        Assert.Equal("watching", (await reader.ReceiveAsync()).EventType);
        return reader;
    }

    private ValueTask PublishAsync(Ticked ticked) => _app.Layer.PublishAsync("board", ticked);

    /// <summary>A connection that sees the bytes as they are, and reads only when it is asked to.</summary>
    private sealed class RawReader(TcpClient client) : IAsyncDisposable
    {
        private readonly StringBuilder _text = new();
        private readonly byte[] _buffer = new byte[4096];

        public static async Task<RawReader> ConnectAsync(Uri address, string path)
        {
            var client = new TcpClient { ReceiveBufferSize = 8 * 1024 };
            await client.ConnectAsync(address.Host, address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n"));
            return new RawReader(client);
        }

        public async Task ReadUntilAsync(string text)
        {
            using var timeout = new CancellationTokenSource(TestWait.Limit);
            while (!_text.Replace("\r\n", "\n").ToString().Contains(text, StringComparison.Ordinal))
            {
                var count = await client.GetStream().ReadAsync(_buffer, timeout.Token);
                Assert.NotEqual(0, count);
                _text.Append(Encoding.UTF8.GetString(_buffer, 0, count));
            }
        }

        /// <summary>Reads what is left. True when the answer's last chunk had come, false when it was cut off.</summary>
        public async Task<bool> EndedWellAsync()
        {
            using var timeout = new CancellationTokenSource(TestWait.Limit);
            var tail = "";
            try
            {
                while (await client.GetStream().ReadAsync(_buffer, timeout.Token) is > 0 and var count)
                    tail = (tail + Encoding.UTF8.GetString(_buffer, 0, count))[^Math.Min(5, count)..];
            }
            catch (IOException)
            {
                return false;
            }

            return tail == "0\r\n\r\n";
        }

        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
