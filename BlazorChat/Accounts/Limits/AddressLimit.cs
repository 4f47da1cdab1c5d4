using System.Globalization;
using System.Net;
using BlazorChat.Channels.Admission;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Limits;

/// <summary>
/// Slows down guessing of passwords, codes, keys and tickets: <c>Accounts:AttemptsPerMinute</c> failures for each address,
/// counted together at every entry point. A permit is taken before a check, so that checks that run at once stay within the
/// limit, and is returned when the check succeeds.
/// </summary>
internal sealed class AttemptLimit(IOptions<AccountOptions> options, TimeProvider time)
{
    private const int SecondsPerMinute = 60;

    private readonly RateLimit<string> _failures =
        new(time, options.Value.AttemptsPerMinute, (double)options.Value.AttemptsPerMinute / SecondsPerMinute);

    public bool TryAcquire(IPAddress? address, out TimeSpan retryAfter) => _failures.TryAcquire(Caller.Of(address), out retryAfter);

    public void Return(IPAddress? address) => _failures.Return(Caller.Of(address));

    /// <summary>Takes a permit for a form; the response becomes a 429 when there is none.</summary>
    /// <returns>A sentence for the person when too many attempts have failed; null when the attempt may be made.</returns>
    public string? Refuse(HttpContext context) =>
        TryAcquire(context.Connection.RemoteIpAddress, out var retryAfter)
            ? null
            : TooManyRequests.Answer(context, "Too many failed attempts from your network.", retryAfter);

    public void Return(HttpContext context) => Return(context.Connection.RemoteIpAddress);
}

/// <summary>
/// New accounts from one address: <c>Accounts:RegistrationsPerHour</c>, all of them at once if need be, since a class or an
/// office registers together. Only accounts that were created count.
/// </summary>
internal sealed class RegistrationLimit(IOptions<AccountOptions> options, TimeProvider time)
{
    private const int SecondsPerHour = 3600;

    private readonly RateLimit<string> _registrations =
        new(time, options.Value.RegistrationsPerHour, (double)options.Value.RegistrationsPerHour / SecondsPerHour);

    /// <inheritdoc cref="AttemptLimit.Refuse"/>
    public string? Refuse(HttpContext context) =>
        _registrations.TryAcquire(Caller.Of(context.Connection.RemoteIpAddress), out var retryAfter)
            ? null
            : TooManyRequests.Answer(context, "Too many accounts were created from your network.", retryAfter);

    public void Return(HttpContext context) => _registrations.Return(Caller.Of(context.Connection.RemoteIpAddress));
}

internal static class TooManyRequests
{
    /// <summary>Makes the response of a form a 429.</summary>
    /// <returns>The reason and when to try again.</returns>
    public static string Answer(HttpContext context, string reason, TimeSpan retryAfter)
    {
        var seconds = RoundUp(retryAfter);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds < 120
            ? $"{reason} Wait {seconds} seconds and try again."
            : $"{reason} Wait {(seconds + 59) / 60} minutes and try again.";
    }

    /// <summary>For the header <c>Retry-After</c>: at least one second.</summary>
    public static int RoundUp(TimeSpan retryAfter) => Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds));
}
