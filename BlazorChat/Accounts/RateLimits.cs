using System.Globalization;
using System.Threading.RateLimiting;
using BlazorChat.Channels;
using Microsoft.AspNetCore.RateLimiting;

namespace BlazorChat.Accounts;

/// <summary>The <see cref="AttemptLimit"/> at the forms; only what is sent counts, not what is read.</summary>
internal static class RateLimits
{
    public const string Attempts = "attempts";

    public static void AddAccountRateLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = RejectAsync;
        options.AddPolicy(Attempts, context =>
        {
            if (!HttpMethods.IsPost(context.Request.Method))
                return RateLimitPartition.GetNoLimiter("");
            var limit = context.RequestServices.GetRequiredService<AttemptLimit>();
            return RateLimitPartition.Get(Caller.Of(context.Connection.RemoteIpAddress), caller => new SharedLimit(limit, caller));
        });
    });

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var response = rejected.HttpContext.Response;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : AttemptLimit.Window;
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.ContentType = "text/html; charset=utf-8";
        await response.WriteAsync(
            """
            <!DOCTYPE html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Too many attempts</title><link rel="stylesheet" href="/css/theme.css"><link rel="stylesheet" href="/css/forms.css">
            <main class="account"><h1>Too many attempts</h1>
            <p>Wait a minute, then go back and try again.</p></main></html>
            """,
            cancellationToken);
    }

    /// <summary>One address's part of the limit that all doors share.</summary>
    private sealed class SharedLimit(AttemptLimit limit, string caller) : RateLimiter
    {
        // The shared limit forgets who has been idle; this holds nothing worth forgetting.
        public override TimeSpan? IdleDuration => AttemptLimit.Window;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => limit.Take(caller);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
            ValueTask.FromResult(limit.Take(caller));
    }
}
