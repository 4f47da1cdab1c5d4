using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Layer;

public sealed class NodeCacheTests
{
    private int _reads;

    [Fact]
    public async Task A_value_is_read_once()
    {
        await using var node = await TestNode.StartAsync();
        using var cache = Create(node);

        Assert.Equal("1", await cache.GetAsync(1, Read, default));
        Assert.Equal("1", await cache.GetAsync(1, Read, default));
        Assert.Equal("2", await cache.GetAsync(2, Read, default));
    }

    [Fact]
    public async Task A_changed_value_is_read_again()
    {
        await using var node = await TestNode.StartAsync();
        using var cache = Create(node);
        await cache.GetAsync(1, Read, default);
        await cache.GetAsync(2, Read, default);

        cache.Remove(1);

        Assert.Equal("2", await cache.GetAsync(2, Read, default));
        Assert.Equal("3", await cache.GetAsync(1, Read, default));
        cache.Clear();
        Assert.Equal("4", await cache.GetAsync(2, Read, default));
    }

    [Fact]
    public async Task A_value_that_was_read_before_a_change_is_not_stored_after_it()
    {
        await using var node = await TestNode.StartAsync();
        using var cache = Create(node);
        var answer = new TaskCompletionSource<string?>();
        var old = cache.GetAsync(1, _ => answer.Task, default).AsTask();

        cache.Remove(1);
        answer.SetResult("old");

        Assert.Equal("old", await old);
        Assert.Equal("1", await cache.GetAsync(1, Read, default));
    }

    [Fact]
    public async Task A_null_is_not_stored()
    {
        await using var node = await TestNode.StartAsync();
        using var cache = Create(node);

        Assert.Null(await cache.GetAsync(1, _ => Task.FromResult<string?>(null), default));
        Assert.Equal("1", await cache.GetAsync(1, Read, default));
    }

    [Fact]
    public async Task Nothing_is_cached_while_events_may_be_missed()
    {
        await using var redis = RedisServer.Reserve();
        await using var node = await TestNode.StartAsync(redis.ConnectionString, awaitConnected: false);
        using var cache = Create(node);
        Assert.Equal(LayerState.Degraded, node.Layer.State);

        Assert.Equal("1", await cache.GetAsync(1, Read, default));
        Assert.Equal("2", await cache.GetAsync(1, Read, default));
    }

    private static NodeCache<int, string> Create(TestNode node) => new(node.Layer, TimeSpan.FromMinutes(1));

    private Task<string?> Read(CancellationToken cancellationToken) => Task.FromResult<string?>($"{++_reads}");
}
