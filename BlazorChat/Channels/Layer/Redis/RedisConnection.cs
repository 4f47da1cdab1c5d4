using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// The one connection of this process for events and jobs. It reconnects by itself. While it is down every command fails at once: a command
/// that is sent late or twice is worse than one that is known not to be sent. Thread-safe.
/// </summary>
internal sealed class RedisConnection(RedisAddress address, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ConnectionMultiplexer? _connection;

    /// <summary>Connects at the first call. A Redis that does not answer yet is no error: the client goes on trying.</summary>
    /// <exception cref="RedisConnectionException">The address cannot be used.</exception>
    /// <exception cref="TimeoutException">The client did not return within ten seconds.</exception>
    public async ValueTask<ConnectionMultiplexer> GetAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null)
            return _connection;
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_connection is not null)
                return _connection;
            var configuration = ConfigurationOptions.Parse(address.ConnectionString);
            configuration.AbortOnConnectFail = false;
            configuration.ConnectTimeout = 2_000;
            configuration.ReconnectRetryPolicy = new LinearRetry(500);
            configuration.BacklogPolicy = BacklogPolicy.FailFast;
            return _connection = await ConnectionMultiplexer.ConnectAsync(configuration).WaitAsync(Timeout, time, cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>
    /// Asks Redis for the user of this connection. A wrong password may go unnoticed otherwise: when the default user needs none, the
    /// connection continues as the default user.
    /// </summary>
    /// <exception cref="RedisIdentityException">The user is not the one in the settings.</exception>
    /// <exception cref="RedisException">Redis cannot be reached.</exception>
    /// <exception cref="TimeoutException">Redis did not answer within two seconds.</exception>
    public async Task CheckIdentityAsync(CancellationToken cancellationToken)
    {
        if (address.User is not { } wanted)
            return;
        var connection = await GetAsync(cancellationToken);
        try
        {
            var answer = await connection.GetDatabase().ExecuteAsync("ACL", "WHOAMI").WaitAsync(IdentityTimeout, time, cancellationToken);
            if ((string?)answer is { } actual && actual != wanted)
                throw new RedisIdentityException(wanted, actual);
        }
        catch (RedisServerException exception) when (
            RedisProblem.Of(exception) is { Code: RedisProblem.UnknownCommand or RedisProblem.NoPermission })
        {
            // A server without users, or a user without the right to ask.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
    }
}
