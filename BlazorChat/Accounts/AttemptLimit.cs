using System.Net;
using System.Threading.RateLimiting;
using BlazorChat.Channels;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts;

/// <summary>
/// Slows down who guesses passwords, codes and tickets: <c>Accounts:AttemptsPerMinute</c> for each address, counted together
/// whatever door they are made at.
/// </summary>
internal sealed class AttemptLimit(IOptions<AccountOptions> options) : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetFixedWindowLimiter(caller, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.AttemptsPerMinute,
            Window = Window,
            QueueLimit = 0,
        }));

    public bool TryTake(IPAddress? address)
    {
        using var lease = Take(Caller.Of(address));
        return lease.IsAcquired;
    }

    public RateLimitLease Take(string caller) => _limiter.AttemptAcquire(caller);

    public void Dispose() => _limiter.Dispose();
}
