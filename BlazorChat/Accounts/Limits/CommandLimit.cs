using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Common;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Limits;

/// <summary>
/// How many commands one person or bot may give on this node: <see cref="CommandOptions.PerSecond"/>. The services take from it, so
/// pages, sockets, the hub and the API share one limit.
/// </summary>
internal sealed class CommandLimit(IOptions<CommandOptions> options, TimeProvider time)
{
    /// <summary>Seconds of the rate that may be used at once.</summary>
    private const int BurstSeconds = 5;

    private readonly RateLimit<int> _limit = new(time, BurstSeconds * options.Value.PerSecond, options.Value.PerSecond);

    /// <summary>Counts one command.</summary>
    /// <exception cref="RefusedException">Too many; <see cref="RefusedException.RetryAfter"/> says when the next one is accepted.</exception>
    public void Take(ClaimsPrincipal person)
    {
        // A command of an anonymous visitor is refused by the check of rights that follows.
        if (person.IsSignedIn && !_limit.TryAcquire(person.UserId, out var retryAfter))
            throw RefusedException.RateLimited("That's too much at once.", retryAfter);
    }

    /// <summary>Counts one command, if it is accepted.</summary>
    public bool TryAcquire(ClaimsPrincipal person) => _limit.TryAcquire(person.UserId);
}

internal static class CommandLimitServices
{
    /// <summary>Every feature with commands adds it; there is one for all of them.</summary>
    public static IServiceCollection AddCommandLimit(this IServiceCollection services)
    {
        services.AddOptions<CommandOptions>().BindConfiguration("Commands").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<CommandLimit>();
        return services;
    }
}
