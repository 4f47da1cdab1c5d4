using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A program that reads an event stream of a real node, with the parser of the base library. Every wait has the timeout
/// <see cref="TestWait.Limit"/>. Heartbeats are counted, but not received: programs ignore them.
/// </summary>
/// <example>
/// <code>
/// await using var reader = await StreamClient.ConnectAsync(node.Address, "liveblogs/launch/events?after=3");
/// var (name, data) = await reader.ReceiveJsonAsync();
/// </code>
/// </example>
public sealed class StreamClient : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _events;
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _heartbeats = new(0);
    private Task<bool>? _next;

    private StreamClient(HttpClient http, HttpResponseMessage response, Stream body)
    {
        _http = http;
        Response = response;
        _parser = SseParser.Create(body);
        _events = _parser.EnumerateAsync(_leaving.Token).GetAsyncEnumerator();
    }

    /// <summary>The status and headers of the response.</summary>
    public HttpResponseMessage Response { get; }

    /// <summary>What an <c>EventSource</c> would send as <c>Last-Event-ID</c> now: the newest id.</summary>
    public string LastEventId => _parser.LastEventId;

    /// <summary>The reconnection delay that the node sent.</summary>
    public TimeSpan RetryAfter => _parser.ReconnectionInterval;

    /// <summary>Connects and returns when the headers have come.</summary>
    /// <param name="node">The address of a node.</param>
    /// <param name="path">The path with its query: <c>liveblogs/launch/events?after=3</c>.</param>
    /// <param name="lastEventId">The <c>Last-Event-ID</c> that a browser sends when it reconnects; null for the first connection.</param>
    /// <param name="cookies">The cookies of the visitor; null for an anonymous one.</param>
    /// <param name="origin">The origin that a page of another host sends; null for a program.</param>
    /// <param name="version">The exact version of HTTP; 1.1 when null.</param>
    /// <exception cref="HttpRequestException">The node refused the stream; <see cref="StatusAsync"/> returns the status.</exception>
    public static async Task<StreamClient> ConnectAsync(
        Uri node, string path, string? lastEventId = null, CookieContainer? cookies = null, string? origin = null, Version? version = null)
    {
        var (http, response) = await RequestAsync(node, path, lastEventId, cookies, origin, version);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new StreamClient(http, response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Tries to connect and returns the HTTP status.</summary>
    public static async Task<HttpStatusCode> StatusAsync(
        Uri node, string path, string? lastEventId = null, CookieContainer? cookies = null, string? origin = null)
    {
        var (http, response) = await RequestAsync(node, path, lastEventId, cookies, origin, null);
        using (http)
        using (response)
            return response.StatusCode;
    }

    /// <summary>Waits for the next event.</summary>
    /// <exception cref="InvalidOperationException">The node ended the stream.</exception>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<SseItem<string>> ReceiveAsync()
    {
        if (!await MoveNextAsync().WaitAsync(TestWait.Limit))
            throw new InvalidOperationException("The stream has ended.");
        return _events.Current;
    }

    /// <summary>Waits for a number of heartbeats since the previous call. An event that comes meanwhile is received by the next call.</summary>
    /// <exception cref="TimeoutException">They did not come.</exception>
    public async Task ReceiveHeartbeatsAsync(int count)
    {
        _next ??= MoveNextAndSkipHeartbeatsAsync();
        for (var i = 0; i < count; i++)
        {
            if (!await _heartbeats.WaitAsync(TestWait.Limit))
                throw new TimeoutException($"{i} heartbeats came.");
        }
    }

    /// <summary>Waits for the next event, and returns its name and its data as JSON.</summary>
    public async Task<(string Name, JsonElement Data)> ReceiveJsonAsync()
    {
        var next = await ReceiveAsync();
        return (next.EventType, JsonDocument.Parse(next.Data).RootElement);
    }

    /// <summary>Asserts that no event comes within a time.</summary>
    public async Task ReceiveNothingAsync(TimeSpan quiet)
    {
        _next ??= MoveNextAndSkipHeartbeatsAsync();
        await ((Task)_next).WaitAsync(quiet).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_next.IsCompleted)
            Assert.Fail(await _next ? $"It came: {_events.Current.EventType} {_events.Current.Data}" : "The stream has ended.");
    }

    /// <summary>Drops events until the stream ends.</summary>
    /// <returns>True when the node ended it, false when the connection broke.</returns>
    public async Task<bool> EndedAsync()
    {
        try
        {
            while (await MoveNextAsync().WaitAsync(TestWait.Limit))
            {
                // Not yet.
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Response.Dispose();
        _http.Dispose();
        _leaving.Dispose();
        _heartbeats.Dispose();
    }

    private static async Task<(HttpClient Http, HttpResponseMessage Response)> RequestAsync(
        Uri node, string path, string? lastEventId, CookieContainer? cookies, string? origin, Version? version)
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies ?? new CookieContainer(), AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node, path))
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Accept.ParseAdd("text/event-stream");
        // Browsers send it. A stream that a proxy compressed in spite of its headers cannot be read here.
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return (http, await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token));
    }

    private async Task<bool> MoveNextAsync()
    {
        _next ??= MoveNextAndSkipHeartbeatsAsync();
        var moved = await _next;
        _next = null;
        return moved;
    }

    private async Task<bool> MoveNextAndSkipHeartbeatsAsync()
    {
        while (await _events.MoveNextAsync())
        {
            if (_events.Current.EventType != "heartbeat")
                return true;
            _heartbeats.Release();
        }

        return false;
    }
}
