using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace BlazorChat.Tests.Support.Clients;

/// <summary>
/// A program that reads an event stream of a real node, through the base library's own parser. Every wait is bounded by 20
/// seconds. Heartbeats are counted and not received, as by a program that ignores them.
/// </summary>
public sealed class StreamClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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

    /// <summary>Its status and headers.</summary>
    public HttpResponseMessage Response { get; }

    /// <summary>What an <c>EventSource</c> would send as <c>Last-Event-ID</c> now: the id of the last event or place.</summary>
    public string LastEventId => _parser.LastEventId;

    /// <summary>How long the node asks a reader to wait before it comes back.</summary>
    public TimeSpan RetryAfter => _parser.ReconnectionInterval;

    /// <summary>Connects and returns when the headers are here.</summary>
    /// <param name="path">With its query: <c>liveblogs/launch/events?after=3</c>.</param>
    /// <param name="lastEventId">As a browser says it when it comes back; null for the first time.</param>
    /// <param name="cookies">The visitor's; null for a stranger.</param>
    /// <param name="origin">As a browser's page of another host says it; null for a program.</param>
    /// <param name="version">HTTP's, and no other; 1.1 when null.</param>
    /// <exception cref="HttpRequestException">The answer is no stream; see <see cref="StatusAsync"/> for the status.</exception>
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

    /// <summary>The next event.</summary>
    /// <exception cref="InvalidOperationException">The node ended the stream.</exception>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<SseItem<string>> ReceiveAsync()
    {
        if (!await MoveNextAsync().WaitAsync(Patience))
            throw new InvalidOperationException("The stream has ended.");
        return _events.Current;
    }

    /// <summary>Returns when so many heartbeats have come since the last call; an event that comes meanwhile is the next one received.</summary>
    /// <exception cref="TimeoutException">They did not.</exception>
    public async Task ReceiveHeartbeatsAsync(int count)
    {
        _next ??= MoveNextAndSkipHeartbeatsAsync();
        for (var i = 0; i < count; i++)
        {
            if (!await _heartbeats.WaitAsync(Patience))
                throw new TimeoutException($"{i} heartbeats came.");
        }
    }

    /// <summary>The data of the next event as JSON, and the event's name.</summary>
    public async Task<(string Name, JsonElement Data)> ReceiveJsonAsync()
    {
        var next = await ReceiveAsync();
        return (next.EventType, JsonDocument.Parse(next.Data).RootElement);
    }

    /// <summary>Returns when nothing has come for a while; what does come fails the test.</summary>
    public async Task ReceiveNothingAsync(TimeSpan quiet)
    {
        _next ??= MoveNextAndSkipHeartbeatsAsync();
        await ((Task)_next).WaitAsync(quiet).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_next.IsCompleted)
            Assert.Fail(await _next ? $"It came: {_events.Current.EventType} {_events.Current.Data}" : "The stream has ended.");
    }

    /// <summary>Reads on until the stream ends; what still came before is dropped.</summary>
    /// <returns>True when the node ended it, false when the connection broke.</returns>
    public async Task<bool> EndedAsync()
    {
        try
        {
            while (await MoveNextAsync().WaitAsync(Patience))
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
        // As browsers say; a stream that something compressed on its way could not be read here.
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using var timeout = new CancellationTokenSource(Patience);
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
