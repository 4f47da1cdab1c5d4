using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// The one connection of this process for events and jobs. It comes back by itself; while it is away every command fails at once, since
/// what is sent late or twice is worse than what is known not to be sent.
/// </summary>
internal sealed class RedisConnection(RedisAddress address, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ConnectionMultiplexer? _connection;

    /// <summary>Makes the connection at the first call. A Redis that does not answer yet is no error here.</summary>
    /// <exception cref="RedisConnectionException">The address cannot be used.</exception>
    /// <exception cref="TimeoutException">Nothing came of it within ten seconds.</exception>
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
    /// Asks Redis as whom it has let this process in. A wrong password alone does not tell: where the default user has no
    /// password, the connection goes on as that one.
    /// </summary>
    /// <exception cref="RedisIdentityException">It is not the user that the settings name.</exception>
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
            // A server without users, or a user that may not ask.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
    }
}
