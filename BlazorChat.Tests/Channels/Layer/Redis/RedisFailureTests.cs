using System.Text;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using StackExchange.Redis;

namespace BlazorChat.Tests.Channels.Layer.Redis;

/// <summary>Clauses 5 and 6: what happens when Redis goes away, and what another node may send.</summary>
[Trait("Speed", "Slow")]
public sealed class RedisFailureTests
{
    [Fact]
    public async Task Clause_5_a_killed_redis_throws_nothing_and_every_consumer_gets_a_gap_when_it_is_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await TestNode.StartAsync(redis.ConnectionString);
        await using var there = await TestNode.StartAsync(redis.ConnectionString);
        var local = await here.ConnectAsync(new RecordingConsumer("room"));
        var remote = await there.ConnectAsync(new RecordingConsumer("room"));

        await redis.KillAsync();
        await here.WaitForStateAsync(LayerState.Degraded);
        await there.WaitForStateAsync(LayerState.Degraded);
        await here.Layer.PublishAsync("room", new TestEvent(1));
        Assert.Equal([new TestEvent(1)], await local.ReadAllAsync(here.Layer, "room"));

        await redis.StartAgainAsync();
        await here.WaitForStateAsync(LayerState.Connected);
        await there.WaitForStateAsync(LayerState.Connected);
        Assert.Equal([new EventGap()], await local.ReadUntilAsync<EventGap>());
        Assert.Equal([new EventGap()], await remote.ReadUntilAsync<EventGap>());
        await here.Layer.PublishAsync("room", new TestEvent(2));
        Assert.Equal(new TestEvent(2), (await remote.ReadUntilAsync<TestEvent>())[^1]);
    }

    [Fact]
    public async Task Clause_5_a_redis_that_is_down_at_start_is_found_later()
    {
        await using var redis = RedisServer.Reserve();
        await using var here = await TestNode.StartAsync(redis.ConnectionString, awaitConnected: false);
        await using var there = await TestNode.StartAsync(redis.ConnectionString, awaitConnected: false);
        Assert.Equal(LayerState.Degraded, here.Layer.State);
        var remote = await there.ConnectAsync(new RecordingConsumer("room"));

        await redis.StartAgainAsync();
        await here.WaitForStateAsync(LayerState.Connected);
        await remote.ReadUntilAsync<EventGap>();
        await here.Layer.PublishAsync("room", new TestEvent(1));

        Assert.Equal(new TestEvent(1), (await remote.ReadUntilAsync<TestEvent>())[^1]);
    }

    [Fact]
    public async Task Clause_5_a_paused_redis_degrades_and_recovers()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await TestNode.StartAsync(redis.ConnectionString);
        await using var there = await TestNode.StartAsync(redis.ConnectionString);
        var local = await here.ConnectAsync(new RecordingConsumer("room"));
        var remote = await there.ConnectAsync(new RecordingConsumer("room"));

        await redis.PauseAsync();
        await here.WaitForStateAsync(LayerState.Degraded);
        await here.Layer.PublishAsync("room", new TestEvent(1));
        Assert.Equal([new TestEvent(1)], await local.ReadAllAsync(here.Layer, "room"));
        await redis.ResumeAsync();

        await here.WaitForStateAsync(LayerState.Connected);
        await there.WaitForStateAsync(LayerState.Connected);
        await remote.ReadUntilAsync<EventGap>();
        await here.Layer.PublishAsync("room", new TestEvent(2));
        Assert.Contains(new TestEvent(2), await remote.ReadAllAsync(here.Layer, "room"));
    }

    [Fact]
    public async Task Clause_6_what_cannot_be_read_is_skipped()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await TestNode.StartAsync(redis.ConnectionString);
        var member = await here.ConnectAsync(new RecordingConsumer("room"));
        await using var intruder = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var channel = RedisChannel.Literal("test:room");
        var subscriber = intruder.GetSubscriber();

        await subscriber.PublishAsync(channel, "no envelope");
        await subscriber.PublishAsync(channel, RedisValue.EmptyString);
        await subscriber.PublishAsync(channel, Envelope("test.of.a.newer.node", "{}"));
        await subscriber.PublishAsync(channel, Envelope("test.sent", "{ broken"));
        await subscriber.PublishAsync(channel, Envelope("test.sent", "null"));
        await subscriber.PublishAsync(channel, Envelope("gap", "{}"));
        await subscriber.PublishAsync(channel, Envelope("test.sent", """{"Number":7,"Text":""}"""));

        Assert.Equal([new TestEvent(7)], await member.ReadUntilAsync<TestEvent>());
    }

    [Fact]
    public async Task G15_What_is_not_signed_for_its_group_by_a_node_of_this_deployment_is_dropped_and_logged_once()
    {
        await using var redis = await RedisServer.StartAsync();
        var log = new LogRecorder();
        await using var here = await TestNode.StartAsync(
            redis.ConnectionString, configure: services => services.AddLogging().AddSingleton<ILoggerProvider>(log));
        await using var foreign = await TestNode.StartAsync(
            redis.ConnectionString, configure: services => services.AddSingleton<ILayerSecret>(new KnownSecret(Enumerable.Repeat((byte)1, 32).ToArray())));
        var member = await here.ConnectAsync(new RecordingConsumer("room"));
        await using var intruder = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var subscriber = intruder.GetSubscriber();
        var channel = RedisChannel.Literal("test:room");
        var changed = Envelope("test.sent", """{"Number":3,"Text":""}""");
        changed[^2] ^= 1;

        await foreign.Layer.PublishAsync("room", new TestEvent(1));
        await subscriber.PublishAsync(channel, Envelope("test.sent", """{"Number":2,"Text":""}""", signer: null));
        await subscriber.PublishAsync(channel, changed);
        await subscriber.PublishAsync(channel, Envelope("test.sent", """{"Number":4,"Text":""}""", group: "other"));
        await subscriber.PublishAsync(channel, Envelope("test.sent", """{"Number":5,"Text":""}"""));

        Assert.Equal([new TestEvent(5)], await member.ReadUntilAsync<TestEvent>());
        Assert.Single(log.Lines, line => line.Contains("no valid signature", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clause_8_deployments_with_different_prefixes_do_not_receive_each_others_events()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await TestNode.StartAsync(redis.ConnectionString, prefix: "one");
        await using var twin = await TestNode.StartAsync(redis.ConnectionString, prefix: "one");
        await using var other = await TestNode.StartAsync(redis.ConnectionString, prefix: "other");
        var twins = await twin.ConnectAsync(new RecordingConsumer("room"));
        var others = await other.ConnectAsync(new RecordingConsumer("room"));

        await one.Layer.PublishAsync("room", new TestEvent(1));
        await twins.ReadUntilAsync<TestEvent>();

        Assert.Empty(await others.ReadAllAsync(other.Layer, "room"));
    }

    [Fact]
    public async Task Clause_11_a_group_has_one_subscription_however_many_members_it_has()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await TestNode.StartAsync(redis.ConnectionString);
        await using var observer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var members = new List<RecordingConsumer>();
        for (var i = 0; i < 5; i++)
            members.Add(await node.ConnectAsync(new RecordingConsumer("room")));
        var server = observer.GetServer(observer.GetEndPoints()[0]);

        Assert.Equal(1, await server.SubscriptionSubscriberCountAsync(RedisChannel.Literal("test:room")));

        foreach (var member in members)
            await member.DisposeAsync();
        // A join of another group waits its turn behind the unsubscription.
        await node.ConnectAsync(new RecordingConsumer("other"));
        Assert.Equal(0, await server.SubscriptionSubscriberCountAsync(RedisChannel.Literal("test:room")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Clause_5_a_node_that_dies_silently_leaves_a_gap_and_one_that_stops_does_not(bool isKilled)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var observer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var announcements = await observer.GetSubscriber().SubscribeAsync(RedisChannel.Literal("test:!nodes"));
        await using var other = await NodeProcess.StartAsync(
            null, $"ConnectionStrings:Redis={redis.ConnectionString}", "Channels:Prefix=test");
        var first = await NextAsync("alive");
        await using var here = await TestNode.StartAsync(redis.ConnectionString);
        var member = await here.ConnectAsync(new RecordingConsumer("room"));
        while (await NextAsync("alive") == first)
        {
            // Until this node has subscribed; only the observer received what the other node published before.
        }

        while (await NextAsync("alive") != first)
        {
            // Until this node has received an announcement of the other one.
        }

        if (isKilled)
        {
            await other.KillAsync();
            Assert.IsType<EventGap>(await member.NextAsync());
        }
        else
        {
            await other.StopAsync();
            Assert.Equal(first, await NextAsync("leaving"));
            Assert.Empty(await member.ReadAllAsync(here.Layer, "room"));
        }

        async Task<string> NextAsync(string word)
        {
            using var timeout = new CancellationTokenSource(TestWait.Limit);
            while (true)
            {
                var message = (await announcements.ReadAsync(timeout.Token)).Message.ToString().Split(' ');
                if (message[0] == word)
                    return message[1];
            }
        }
    }

    [Fact]
    public async Task Clause_11_a_cluster_carries_events_by_sharded_publish()
    {
        await using var redis = await RedisServer.StartClusterAsync();
        await using var here = await TestNode.StartAsync(redis.ConnectionString);
        await using var there = await TestNode.StartAsync(redis.ConnectionString);
        var member = await there.ConnectAsync(new RecordingConsumer("room"));
        await using var observer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var server = observer.GetServer(observer.GetEndPoints()[0]);

        await here.Layer.PublishAsync("room", new TestEvent(1));

        Assert.Contains(new TestEvent(1), await member.ReadAllAsync(here.Layer, "room"));
        var sharded = (RedisResult[])(await server.ExecuteAsync("PUBSUB", "SHARDCHANNELS", "test:room"))!;
        Assert.Equal("test:room", (string?)Assert.Single(sharded));
    }

    private static byte[] Envelope(string name, string json, string group = "room") => Envelope(name, json, Signer(), group);

    private static byte[] Envelope(string name, string json, LayerSigner? signer, string group = "room") =>
        new Envelope(Guid.NewGuid(), group, name, "", Encoding.UTF8.GetBytes(json)).Encode(signer);

    private static LayerSigner Signer()
    {
        var signer = new LayerSigner();
        signer.UseSecret(KnownSecret.OfTests);
        return signer;
    }
}
