using BlazorChat.Common;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Admission;

/// <summary>
/// Admits or refuses connections and requests: circuits, sockets, streams, the hub, uploads and the API. It limits how many are opened in a
/// minute and how many are open at once, per IP address and in all, and admits none while memory is short. Thread-safe.
/// </summary>
internal sealed partial class AdmissionControl(
    IOptions<ChannelOptions> options, Origins origins, FreeMemory memory, TimeProvider time, ILogger<AdmissionControl> logger)
{
    private const string AllCallers = "";

    /// <summary>The <c>Retry-After</c> of a refusal whose limit depends on others.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly RateLimit<string> _connections = PerMinute(options.Value.ConnectionsPerMinute, time);
    private readonly RateLimit<string> _requests = PerMinute(options.Value.RequestsPerMinute, time);
    private readonly RateLimit<string> _admissions = PerMinute(options.Value.AdmissionsPerMinute, time);
    private readonly OpenLimit<string> _open = new(options.Value.MaxOpenPerAddress, options.Value.MaxOpen);
    private readonly OncePerMinute _log = new(time);

    /// <summary>The number of admitted connections and requests that are open now.</summary>
    public int Open => _open.Total;

    /// <summary>Admits a request and counts it while it is served, or refuses it with 403, 429 or 503.</summary>
    public async Task ServeAsync(HttpContext context, AdmissionKind kind, RequestDelegate next)
    {
        if (TryAdmit(context, kind, out var open) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        using (open)
            await next(context);
    }

    private ErrorAnswer? TryAdmit(HttpContext context, AdmissionKind kind, out IDisposable? open)
    {
        open = null;
        var request = context.Request;
        if (kind == AdmissionKind.Connection && !origins.Allows(request))
        {
            if (Origins.DiffersInScheme(request) && _log.TryCount(out _, nameof(LogScheme)))
                LogScheme(logger, request.Headers.Origin.ToString(), request.Scheme);
            return Refusal.Forbidden();
        }

        var isOpening = kind == AdmissionKind.Request || IsOpening(context);
        var caller = Caller.Of(context.Connection.RemoteIpAddress);
        if (isOpening && Refuse(caller, kind) is { } refusal)
            return refusal;
        if (!isOpening && (HttpMethods.IsPost(request.Method) || HttpMethods.IsDelete(request.Method)))
            return null;
        open = _open.TryEnter(caller, out var isFull);
        if (open is not null)
            return null;
        if (isFull && _log.TryCount(out _, nameof(LogFull)))
            LogFull(logger, options.Value.MaxOpen);
        return isFull ? Refusal.Unavailable("The server has as many open connections as it accepts.", RetryDelay) : Refusal.TooMany("Your address has too many open connections.", RetryDelay);
    }

    /// <summary>
    /// Whether a request opens a connection. SignalR opens one with a negotiation, whatever id its query has, or with a request without an id.
    /// Further requests of the connection have its id.
    /// </summary>
    private static bool IsOpening(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<NegotiateMetadata>() is not null || context.Request.Query["id"].ToString().Length == 0;

    private ErrorAnswer? Refuse(string caller, AdmissionKind kind)
    {
        if (memory.Bytes is var free && free < options.Value.MinFreeMemory)
        {
            if (_log.TryCount(out _, nameof(LogMemory)))
                LogMemory(logger, free, options.Value.MinFreeMemory);
            return Refusal.Unavailable("The server is short of memory.", RetryDelay);
        }

        var limit = kind == AdmissionKind.Request ? _requests : _connections;
        if (!limit.TryAcquire(caller, out var wait))
            return Refusal.TooMany($"Too many {(kind == AdmissionKind.Request ? "requests" : "connections")} from your address.", wait);
        if (_admissions.TryAcquire(AllCallers, out wait))
            return null;
        limit.Return(caller);
        if (_log.TryCount(out _, nameof(LogBusy)))
            LogBusy(logger, options.Value.AdmissionsPerMinute);
        return Refusal.Unavailable("The server is asked for too many connections.", wait);
    }

    private static RateLimit<string> PerMinute(int count, TimeProvider time) => new(time, count, count / 60.0);

    [LoggerMessage(1, LogLevel.Warning,
        "A page of {Origin} was refused since its request came as {Scheme}: let the proxy send X-Forwarded-Proto, name it in Shell:Proxies, or set Shell:PublicUrl")]
    private static partial void LogScheme(ILogger logger, string origin, string scheme);

    [LoggerMessage(2, LogLevel.Warning, "New connections are refused: {Free} bytes of memory are free, fewer than Channels:MinFreeMemory={Floor}")]
    private static partial void LogMemory(ILogger logger, long free, long floor);

    [LoggerMessage(3, LogLevel.Warning, "New connections are refused: Channels:MaxOpen={MaxOpen} are open")]
    private static partial void LogFull(ILogger logger, int maxOpen);

    [LoggerMessage(4, LogLevel.Warning, "New connections are refused: more than Channels:AdmissionsPerMinute={PerMinute}")]
    private static partial void LogBusy(ILogger logger, int perMinute);

    private static class Refusal
    {
        public static ErrorAnswer Forbidden() => new(StatusCodes.Status403Forbidden, "forbidden", "A page of another host may not connect here.");

        public static ErrorAnswer TooMany(string message, TimeSpan wait) => new(StatusCodes.Status429TooManyRequests, "rate_limited", message, Seconds(wait));

        public static ErrorAnswer Unavailable(string message, TimeSpan wait) => new(StatusCodes.Status503ServiceUnavailable, "unavailable", message, Seconds(wait));

        private static int Seconds(TimeSpan wait) => (int)Math.Ceiling(wait.TotalSeconds);
    }
}
