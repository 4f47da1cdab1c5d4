using System.Net;
using BlazorChat.Channels.Admission;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Limits;

/// <summary>
/// Limits what counts against an IP address. A permit is acquired before a check, so that concurrent checks stay within the limit, and
/// returned when the check does not count. Thread-safe.
/// </summary>
/// <param name="count">The permits of one address within <paramref name="period"/>, all of which may be acquired at once.</param>
/// <param name="reason">The sentence of a refusal; the delay is appended.</param>
internal abstract class AddressLimit(TimeProvider time, int count, TimeSpan period, LocalText reason)
{
    private readonly RateLimit<string> _limit = new(time, count, count / period.TotalSeconds);

    /// <summary>Acquires a permit.</summary>
    /// <returns>The refusal when none is left; null when a permit was acquired.</returns>
    public RefusedException? Acquire(IPAddress? address) =>
        _limit.TryAcquire(Caller.Of(address), out var retryAfter) ? null : RefusedException.RateLimited(reason, retryAfter);

    /// <summary>Returns a permit.</summary>
    public void Return(IPAddress? address) => _limit.Return(Caller.Of(address));

    /// <summary>Acquires a permit for a form. The response becomes a 429 when none is left.</summary>
    /// <returns>A sentence for the person when none is left; null when a permit was acquired.</returns>
    public string? Refuse(HttpContext context)
    {
        if (Acquire(context.Connection.RemoteIpAddress) is not { } refused)
            return null;
        context.Response.StatusCode = refused.StatusCode;
        context.Response.Headers.RetryAfter = $"{refused.RetryAfterSeconds}";
        return refused.Message;
    }

    /// <inheritdoc cref="Return(IPAddress?)"/>
    public void Return(HttpContext context) => Return(context.Connection.RemoteIpAddress);
}

/// <summary>
/// Slows down guessing of passwords, codes, keys and tickets: <c>Accounts:AttemptsPerMinute</c> failures of an address, counted together at
/// every entry point.
/// </summary>
internal sealed class AttemptLimit(IOptions<AccountOptions> options, TimeProvider time)
    : AddressLimit(time, options.Value.AttemptsPerMinute, TimeSpan.FromMinutes(1), AccountTexts.Get("TooManyAttempts"));

/// <summary>
/// Limits new accounts: <c>Accounts:RegistrationsPerHour</c> of an address. All of them may be created at once, since a class or an office
/// registers together. Only accounts that were created count.
/// </summary>
internal sealed class RegistrationLimit(IOptions<AccountOptions> options, TimeProvider time)
    : AddressLimit(time, options.Value.RegistrationsPerHour, TimeSpan.FromHours(1), AccountTexts.Get("TooManyRegistrations"));
