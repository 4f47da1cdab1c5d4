namespace BlazorChat.Channels.Redis;

/// <summary><c>ConnectionStrings:Redis</c>, in StackExchange.Redis's form.</summary>
internal sealed record RedisAddress(string ConnectionString);
