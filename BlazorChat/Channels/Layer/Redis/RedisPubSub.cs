using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// Redis's publish and subscribe, by the names of groups; sharded when the server is a cluster. Thread-safe once it is connected. Every method
/// that is awaited throws <see cref="RedisException"/> when Redis refuses or the connection breaks, and <see cref="TimeoutException"/> when
/// Redis is silent for two seconds.
/// </summary>
/// <param name="prefix">The beginning of every channel's name.</param>
/// <param name="interrupted">Called on any thread when an open connection breaks.</param>
internal sealed class RedisPubSub(RedisConnection redis, RedisLiveness liveness, string prefix, Action interrupted)
{
    private ISubscriber? _subscriber;
    private bool _isCluster;

    private ISubscriber Subscriber => _subscriber ?? throw new InvalidOperationException("The connection was never made.");

    /// <summary>Connects at the first call. Every call returns when Redis has answered, to the user of the settings.</summary>
    /// <exception cref="RedisIdentityException">The user is not the one in the settings.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await redis.GetAsync(cancellationToken);
        if (_subscriber is null)
        {
            connection.ConnectionFailed += (_, failure) =>
            {
                // A failed attempt to connect interrupts nothing: the client of a cluster also tries addresses that no server listens on.
                if (failure.FailureType != ConnectionFailureType.UnableToConnect)
                    interrupted();
            };
            _subscriber = connection.GetSubscriber();
        }

        await PingAsync(cancellationToken);
        await redis.CheckIdentityAsync(cancellationToken);
        // Only a server that has answered is known to be a cluster or not. A wrong guess would put this node on channels that no other node uses.
        _isCluster = connection.GetServers().Any(server => server.ServerType == ServerType.Cluster);
    }

    public Task PingAsync(CancellationToken cancellationToken) => WaitAsync(Subscriber.PingAsync(), cancellationToken);

    /// <summary>Sends a message without waiting: <see cref="WaitAsync"/> waits for the answer.</summary>
    public Task SendAsync(string group, RedisValue message) => Subscriber.PublishAsync(Channel(group), message);

    public Task WaitAsync(Task answer, CancellationToken cancellationToken) => liveness.WaitAsync(answer, cancellationToken);

    /// <param name="receive">Receives each message, in order, on a thread of the client.</param>
    public async Task SubscribeAsync(string group, Action<RedisValue> receive, CancellationToken cancellationToken = default)
    {
        var queue = await liveness.WaitAsync(Subscriber.SubscribeAsync(Channel(group)), cancellationToken);
        queue.OnMessage(message =>
        {
            liveness.MarkAlive();
            receive(message.Message);
        });
    }

    public Task UnsubscribeAsync(string group, CancellationToken cancellationToken = default) =>
        WaitAsync(Subscriber.UnsubscribeAsync(Channel(group)), cancellationToken);

    public bool IsSubscribed(string group) => Subscriber.SubscribedEndpoint(Channel(group)) is not null;

    private RedisChannel Channel(string group)
    {
        var name = $"{prefix}:{group}";
        return _isCluster ? RedisChannel.Sharded(name) : RedisChannel.Literal(name);
    }
}
