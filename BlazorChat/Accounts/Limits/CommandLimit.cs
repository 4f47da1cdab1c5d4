using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Common;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Limits;

/// <summary>
/// Limits the commands of one person or bot on this node: <see cref="CommandOptions.PerSecond"/>. The services count them, so pages,
/// sockets, the hub and the API share one limit.
/// </summary>
internal sealed class CommandLimit(IOptions<CommandOptions> options, TimeProvider time)
{
    /// <summary>The burst is as many seconds of the rate.</summary>
    private const int BurstSeconds = 5;

    private readonly RateLimit<int> _limit = new(time, BurstSeconds * options.Value.PerSecond, options.Value.PerSecond);

    /// <summary>Counts one command.</summary>
    /// <exception cref="RefusedException">The limit is reached until <see cref="RefusedException.RetryAfter"/>.</exception>
    public void Acquire(ClaimsPrincipal person)
    {
        // The check of rights that follows refuses an anonymous user.
        if (person.IsSignedIn && !_limit.TryAcquire(person.UserId, out var retryAfter))
            throw RefusedException.RateLimited(AccountTexts.Get("TooManyCommands"), retryAfter);
    }

    /// <summary>Counts one command; false when the limit is reached.</summary>
    public bool TryAcquire(ClaimsPrincipal person) => _limit.TryAcquire(person.UserId);
}

internal static class CommandLimitServices
{
    /// <summary>Adds the one limit of all features; each feature with commands calls it.</summary>
    public static IServiceCollection AddCommandLimit(this IServiceCollection services)
    {
        services.AddOptions<CommandOptions>().BindConfiguration("Commands").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<CommandLimit>();
        return services;
    }
}
