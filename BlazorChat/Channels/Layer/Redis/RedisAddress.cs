using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary><c>ConnectionStrings:Redis</c>, in StackExchange.Redis's form.</summary>
internal sealed record RedisAddress(string ConnectionString)
{
    /// <summary>The user in the connection string; null for Redis's default user.</summary>
    public string? User => ConfigurationOptions.Parse(ConnectionString).User is { Length: > 0 } user ? user : null;
}
