using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using BlazorChat.Common;
using BlazorChat.Common.Net;

namespace BlazorChat.Notifications.Push;

/// <summary>Sends messages over HTTP (RFC 8030), encrypted (RFC 8291) and signed (RFC 8292).</summary>
internal sealed partial class PushSender : IPushSender, IDisposable
{
    /// <summary>The longest time of sending one message, with waiting for a connection.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The longest time that a service can ask to wait.</summary>
    internal static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>One host gets as many messages at once.</summary>
    internal const int MaxConnectionsPerHost = 16;

    private readonly HttpMessageInvoker _http;
    private readonly PushHosts _hosts;
    private readonly VapidTokens _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger<PushSender> _logger;
    private readonly OncePerMinute _log;

    public PushSender(PushHosts hosts, VapidTokens tokens, TimeProvider time, ILogger<PushSender> logger)
    {
        (_hosts, _tokens, _time, _logger, _log) = (hosts, tokens, time, logger, new OncePerMinute(time));
        _http = new HttpMessageInvoker(CreateHandler(hosts));
    }

    /// <inheritdoc/>
    public async Task<PushResult> SendAsync(PushTarget target, PushMessage message, CancellationToken cancellationToken)
    {
        if (!_hosts.Allows(target.Endpoint))
            return new PushResult(PushOutcome.Refused, Reason: "the endpoint is not allowed");
        if (message.Payload.Length > PushMessage.MaxPayload || !Topics.IsMatch(message.Topic))
            return new PushResult(PushOutcome.Refused, Reason: "the payload is too long, or the topic is invalid");
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = await CreateRequestAsync(target, message, either.Token);
            using var response = await _http.SendAsync(request, either.Token);
            return Describe(response);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Describe(exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpRequestMessage> CreateRequestAsync(PushTarget target, PushMessage message, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(PushEncryption.Encrypt(message.Payload.Span, target.PublicKey, target.AuthSecret));
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.ContentEncoding.Add(PushEncryption.ContentEncoding);
        var request = new HttpRequestMessage(HttpMethod.Post, target.Endpoint) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", await _tokens.AuthorizeAsync(target.Endpoint, cancellationToken));
        request.Headers.Add("TTL", ((long)Math.Max(0, message.TimeToLive.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", message.IsUrgent ? "high" : "normal");
        request.Headers.Add("Topic", message.Topic);
        return request;
    }

    private PushResult Describe(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var reason = $"status {status}";
        switch (status)
        {
            case >= 200 and < 300:
                return new PushResult(PushOutcome.Accepted);
            case 404 or 410:
                return new PushResult(PushOutcome.Gone, Reason: reason);
            case 429 or >= 500:
                return new PushResult(PushOutcome.Later, ReadRetryAfter(response), reason);
            case 400 or 401 or 403 when _log.TryCount(out var count):
                LogRefused(_logger, status, count);
                break;
        }

        return new PushResult(PushOutcome.Refused, Reason: reason);
    }

    private TimeSpan? ReadRetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return wait is { } known ? TimeSpan.FromTicks(Math.Clamp(known.Ticks, 0, MaxRetryAfter.Ticks)) : null;
    }

    /// <summary>The texts of these exceptions name the host, so they are not passed on.</summary>
    private static PushResult Describe(Exception exception) => exception switch
    {
        CryptographicException => new PushResult(PushOutcome.Refused, Reason: "the browser's key is invalid"),
        // The name was registered with another address: nothing is sent to this device any more.
        HttpRequestException { InnerException: PrivateHostException } => new PushResult(PushOutcome.Gone, Reason: "the host is not public"),
        HttpRequestException failed => new PushResult(PushOutcome.Later, Reason: failed.HttpRequestError.ToString()),
        OperationCanceledException => new PushResult(PushOutcome.Later, Reason: "timeout"),
        _ => new PushResult(PushOutcome.Later, Reason: exception.GetType().Name),
    };

    private static SocketsHttpHandler CreateHandler(PushHosts hosts) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy of the environment would connect to any address.
        UseProxy = false,
        ConnectCallback = (context, cancellationToken) => hosts.ConnectAsync(context.DnsEndPoint, cancellationToken),
        ConnectTimeout = Timeout,
        MaxConnectionsPerServer = MaxConnectionsPerHost,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        // No body is read. A short one is drained, so that the connection can be used again.
        MaxResponseDrainSize = 16 * 1024,
        MaxResponseHeadersLength = 16,
        // Tracing writes addresses.
        ActivityHeadersPropagator = null,
    };

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Topics { get; }

    [LoggerMessage(1, LogLevel.Warning,
        "A push service refused a message with status {Status}, {Count} times since the last line. The subscriptions may have been made with another key")]
    private static partial void LogRefused(ILogger logger, int status, long count);
}
