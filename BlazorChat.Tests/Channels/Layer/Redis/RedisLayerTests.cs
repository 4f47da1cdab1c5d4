namespace BlazorChat.Tests.Channels.Layer.Redis;

/// <summary>One node with Redis: it must serve itself exactly as without.</summary>
public sealed class RedisLayerTests(RedisFixture redis) : ChannelLayerContract, IClassFixture<RedisFixture>
{
    protected override async Task<(TestNode Here, TestNode There)> StartAsync()
    {
        var node = await TestNode.StartAsync(redis.ConnectionString);
        return (node, node);
    }

    protected override Task<TestNode> StartSmallAsync(int mailboxCapacity) =>
        TestNode.StartAsync(redis.ConnectionString, mailboxCapacity: mailboxCapacity);
}

/// <summary>Two nodes that share a Redis: what one publishes, the consumers of the other get.</summary>
public sealed class TwoNodeLayerTests(RedisFixture redis) : ChannelLayerContract, IClassFixture<RedisFixture>
{
    protected override async Task<(TestNode Here, TestNode There)> StartAsync() =>
        (await TestNode.StartAsync(redis.ConnectionString), await TestNode.StartAsync(redis.ConnectionString));

    protected override Task<TestNode> StartSmallAsync(int mailboxCapacity) =>
        TestNode.StartAsync(redis.ConnectionString, mailboxCapacity: mailboxCapacity);
}

/// <summary>One redis-server for the tests of a class that do not break it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;

    public string ConnectionString => _server!.ConnectionString;

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
