using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace BlazorChat.Common.Caching;

/// <summary>
/// The cache of what many people read at the same time: in the memory of the node, and in Redis, if there is one, for the other nodes. An
/// unreachable Redis costs a query, so requests do not wait for it.
/// </summary>
internal static class SharedCache
{
    /// <summary>The largest entry in bytes. A page of 50 messages of 8,000 characters fits.</summary>
    private const int MaxEntry = 4 * 1024 * 1024;

    private const int TimeoutMilliseconds = 500;

    /// <summary>Adds <see cref="HybridCache"/>, over Redis when a connection string is given.</summary>
    public static void AddSharedCache(this IServiceCollection services, string? redis, string prefix)
    {
        services.AddHybridCache(cache =>
        {
            cache.MaximumPayloadBytes = MaxEntry;
            cache.DefaultEntryOptions = new HybridCacheEntryOptions
            {
                Expiration = TimeSpan.FromMinutes(1),
                LocalCacheExpiration = TimeSpan.FromMinutes(1),
            };
        }).AddSerializerFactory<CompactJson>();
        if (string.IsNullOrWhiteSpace(redis))
            return;
        services.AddSingleton<IDistributedCache>(provider => new SignedCache(
            new RedisCache(provider.GetRequiredService<IOptions<RedisCacheOptions>>()),
            provider.GetRequiredService<ISecretStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SignedCache>>()));
        services.Configure<RedisCacheOptions>(cache =>
        {
            cache.InstanceName = $"{prefix}:cache:";
            cache.ConfigurationOptions = ConfigurationOptions.Parse(redis);
            cache.ConfigurationOptions.AbortOnConnectFail = false;
            cache.ConfigurationOptions.BacklogPolicy = BacklogPolicy.FailFast;
            cache.ConfigurationOptions.ConnectTimeout = TimeoutMilliseconds;
            cache.ConfigurationOptions.AsyncTimeout = TimeoutMilliseconds;
            cache.ConfigurationOptions.SyncTimeout = TimeoutMilliseconds;
        });
    }
}
