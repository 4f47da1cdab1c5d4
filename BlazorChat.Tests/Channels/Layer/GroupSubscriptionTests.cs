using System.Collections.Concurrent;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Redis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace BlazorChat.Tests.Channels.Layer;

/// <summary>F1 and F2: what is wanted is subscribed, whatever happens at the same time.</summary>
public sealed class GroupSubscriptionTests
{
    [Fact]
    public async Task F1_A_join_during_an_unsubscription_is_subscribed_after_it()
    {
        var backplane = new SlowBackplane();
        await using var node = await StartAsync(backplane);
        var leaving = await node.ConnectAsync(new RecordingConsumer("room"));
        await backplane.HoldNextAsync(leaving.DisposeAsync);

        var joining = node.ConnectAsync(new RecordingConsumer("room")).AsTask();
        backplane.Release();
        await using var member = await joining;

        Assert.Contains("room", backplane.Subscribed);
        Assert.Equal(0, backplane.Overlaps);
    }

    [Fact]
    public async Task F1_After_many_joins_and_leaves_at_once_each_group_with_members_is_subscribed_and_no_other_is()
    {
        var backplane = new SlowBackplane();
        await using var node = await StartAsync(backplane);
        string[] groups = [.. Enumerable.Range(0, 8).Select(i => $"room.{i}")];
        var members = new List<RecordingConsumer>();
        for (var i = 0; i < 16; i++)
            members.Add(await node.ConnectAsync(new RecordingConsumer()));

        await Task.WhenAll(members.Select((member, number) => Task.Run(async () =>
        {
            var random = new Random(number);
            for (var i = 0; i < 200; i++)
            {
                var group = groups[random.Next(groups.Length)];
                await member.JoinGroupAsync(group);
                if (random.Next(2) == 0)
                    await Task.Yield();
                await member.LeaveGroupAsync(group);
            }
        })));
        await members[0].JoinGroupAsync(groups[0]);
        await members[1].JoinGroupAsync(groups[1]);
        await backplane.QuietAsync();

        Assert.Equal([groups[0], groups[1]], backplane.Subscribed.Where(group => !group.StartsWith("node.", StringComparison.Ordinal)).Order());
        Assert.Equal(0, backplane.Overlaps);
    }

    [Fact]
    public async Task F1_A_subscription_that_gets_lost_is_found_and_made_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var here = await TestNode.StartAsync(redis.ConnectionString);
        await using var there = await TestNode.StartAsync(redis.ConnectionString);
        var member = await there.ConnectAsync(new RecordingConsumer("room"));
        var connection = await there.Services.GetRequiredService<RedisConnection>().GetAsync(default);

        await connection.GetSubscriber().UnsubscribeAsync(RedisChannel.Literal("test:room"));

        await member.ReadUntilAsync<EventGap>();
        await here.Layer.PublishAsync("room", new TestEvent(1));
        Assert.Equal([new TestEvent(1)], await member.ReadUntilAsync<TestEvent>());
    }

    [Fact]
    public async Task F1_Groups_joined_and_left_while_subscriptions_are_restored_are_reconciled_after_it()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = new RedisConnection(new RedisAddress(redis.ConnectionString), TimeProvider.System);
        var pubSub = new RedisPubSub(connection, new RedisLiveness(TimeProvider.System), "test", () => { });
        await pubSub.ConnectAsync(CancellationToken.None);
        var subscriptions = new RedisSubscriptions(pubSub, (_, _) => { });
        subscriptions.Want("left", true);
        await subscriptions.RestoreAsync();
        subscriptions.Want("left", false);
        subscriptions.Want("joined", true);

        Assert.Equal(1, await subscriptions.ReconcileAllAsync());

        Assert.Equal(["test:joined"], (string[])(await redis.ExecuteAsync("PUBSUB", "CHANNELS", "test:*"))!);
    }

    [Fact]
    public async Task F2_Joining_thousands_of_groups_at_once_or_after_an_outage_does_not_degrade_the_layer()
    {
        const int Members = 100, GroupsEach = 60;
        await using var redis = await RedisServer.StartAsync();
        await using var node = await TestNode.StartAsync(redis.ConnectionString);
        var degraded = 0;
        using var states = node.Layer.OnStateChanged(state => degraded += state == LayerState.Degraded ? 1 : 0);

        var members = await Task.WhenAll(Enumerable.Range(0, Members).Select(i =>
            node.ConnectAsync(new RecordingConsumer([.. Enumerable.Range(0, GroupsEach).Select(n => $"room.{i}.{n}")])).AsTask()));
        Assert.Equal(0, degraded);
        Assert.Equal((Members * GroupsEach) + 2, await CountChannelsAsync(redis));

        await redis.KillAsync();
        await node.WaitForStateAsync(LayerState.Degraded);
        await redis.StartAgainAsync();
        await node.WaitForStateAsync(LayerState.Connected);

        Assert.Equal(1, degraded);
        Assert.Equal((Members * GroupsEach) + 2, await CountChannelsAsync(redis));
        await members[7].ReadUntilAsync<EventGap>();
    }

    [Fact]
    public async Task F2_An_answer_that_is_late_while_others_come_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var liveness = new RedisLiveness(time);
        var answer = new TaskCompletionSource();
        var waiting = liveness.WaitAsync(answer.Task);

        for (var second = 0; second < 10; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            liveness.MarkAlive();
            Assert.False(waiting.IsCompleted);
        }

        answer.SetResult();
        await waiting;
    }

    [Fact]
    public async Task F2_An_answer_that_comes_with_the_timeout_counts()
    {
        var time = new FakeTimeProvider();
        var liveness = new RedisLiveness(time);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var answers = time.CreateTimer(_ => answer.SetResult(), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        var waiting = liveness.WaitAsync(answer.Task);

        time.Advance(TimeSpan.FromSeconds(2));

        await waiting.WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task F2_A_redis_that_answers_nothing_at_all_times_out()
    {
        var time = new FakeTimeProvider();
        var liveness = new RedisLiveness(time);
        var waiting = liveness.WaitAsync(new TaskCompletionSource().Task);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<TimeoutException>(() => waiting.WaitAsync(TestWait.Limit));
    }

    private static async Task<int> CountChannelsAsync(RedisServer redis) =>
        ((RedisResult[])(await redis.ExecuteAsync("PUBSUB", "CHANNELS", "test:*"))!).Length;

    private static Task<TestNode> StartAsync(IBackplane backplane) =>
        TestNode.StartAsync(configure: services => services.Replace(ServiceDescriptor.Singleton(backplane)));

    /// <summary>Subscribes and unsubscribes a moment after it was asked, as a network does.</summary>
    private sealed class SlowBackplane : IBackplane
    {
        private readonly ConcurrentDictionary<string, int> _running = new();
        private readonly ConcurrentDictionary<string, bool> _subscribed = new();
        private TaskCompletionSource? _reached;
        private TaskCompletionSource? _release;
        private int _overlaps;

        public LayerState State => LayerState.Connected;

        public IEnumerable<string> Subscribed => _subscribed.Keys;

        /// <summary>Calls for one group that ran at the same time.</summary>
        public int Overlaps => _overlaps;

        public void Start(IBackplaneListener listener)
        {
        }

        public void Publish(string group, byte[] envelope)
        {
        }

        /// <summary>Returns when what is done has begun to unsubscribe, which goes on with <see cref="Release"/>.</summary>
        public async Task HoldNextAsync(Func<ValueTask> work)
        {
            _release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await work();
            await _reached.Task;
        }

        public void Release() => _release!.SetResult();

        public async Task QuietAsync()
        {
            while (_running.Values.Any(count => count > 0))
                await Task.Yield();
        }

        public Task SubscribeAsync(string group) => ChangeAsync(group, () => _subscribed[group] = true);

        public Task UnsubscribeAsync(string group) => ChangeAsync(group, () => _subscribed.TryRemove(group, out _), _release?.Task);

        private async Task ChangeAsync(string group, Action change, Task? hold = null)
        {
            if (_running.AddOrUpdate(group, 1, (_, count) => count + 1) > 1)
                Interlocked.Increment(ref _overlaps);
            if (hold is not null)
            {
                _reached!.TrySetResult();
                await hold;
            }

            await Task.Yield();
            change();
            _running.AddOrUpdate(group, 0, (_, count) => count - 1);
        }
    }
}
