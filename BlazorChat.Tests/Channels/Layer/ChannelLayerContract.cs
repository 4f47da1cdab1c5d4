using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Layer;

/// <summary>
/// The clauses of docs/delivery.md, for any backplane. <see cref="Here"/> publishes, and consumers live on <see cref="There"/>:
/// the same node, or another one.
/// </summary>
public abstract class ChannelLayerContract : IAsyncLifetime
{
    protected TestNode Here { get; private set; } = default!;

    protected TestNode There { get; private set; } = default!;

    protected abstract Task<(TestNode Here, TestNode There)> StartAsync();

    /// <summary>A node more, with small mailboxes.</summary>
    protected abstract Task<TestNode> StartSmallAsync(int mailboxCapacity);

    public virtual async ValueTask InitializeAsync() => (Here, There) = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Here.DisposeAsync();
        if (There != Here)
            await There.DisposeAsync();
    }

    [Fact]
    public async Task Clause_1_every_member_gets_each_event_once_and_in_order()
    {
        var members = new List<RecordingConsumer>();
        for (var i = 0; i < 5; i++)
            members.Add(await ConnectAsync("all"));

        for (var i = 0; i < 10_000; i++)
            await Here.Layer.PublishAsync("all", new TestEvent(i));

        await Here.Layer.PublishAsync("all", new Fence(Guid.NewGuid()));
        foreach (var member in members)
        {
            var received = await member.ReadUntilAsync<Fence>();
            Assert.Equal(Enumerable.Range(0, 10_000), received.SkipLast(1).Select(e => ((TestEvent)e).Number));
        }
    }

    [Fact]
    public async Task Clause_2_the_own_node_is_served_before_the_publish_returns()
    {
        var member = await Here.ConnectAsync(new RecordingConsumer("own"));
        var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        member.OnTestEvent = _ =>
        {
            handled.TrySetResult();
            return Task.CompletedTask;
        };

        await Here.Layer.PublishAsync("own", new TestEvent(1));

        await handled.Task.WaitAsync(TestWait.Limit);
        Assert.Equal([new TestEvent(1)], await member.ReadAllAsync(Here.Layer, "own"));
    }

    [Fact]
    public async Task Clause_3_a_second_join_delivers_once()
    {
        var member = await ConnectAsync("twice");
        await member.JoinGroupAsync("twice");

        await Here.Layer.PublishAsync("twice", new TestEvent(1));

        Assert.Equal([new TestEvent(1)], await member.ReadAllAsync(Here.Layer, "twice"));
    }

    [Fact]
    public async Task Clause_3_nothing_comes_after_a_leave()
    {
        var member = await ConnectAsync("stay", "leave");
        var publishing = true;
        var publisher = Task.Run(async () =>
        {
            for (var i = 0; Volatile.Read(ref publishing); i++)
            {
                await Here.Layer.PublishAsync("leave", new TestEvent(i));
                await Task.Yield();
            }
        });
        await member.ReadUntilAsync<TestEvent>();

        await member.LeaveGroupAsync("leave");
        var before = await member.ReadAllAsync(There.Layer, "stay");
        await Here.Layer.PublishAsync("leave", new TestEvent(-1));
        var after = await member.ReadAllAsync(Here.Layer, "stay");
        Volatile.Write(ref publishing, false);
        await publisher;

        Assert.All(before, e => Assert.IsType<TestEvent>(e));
        Assert.Empty(after);
    }

    [Fact]
    public async Task Clause_3_a_group_can_be_joined_again_after_its_last_member_left()
    {
        var member = await ConnectAsync("stay", "again");
        for (var round = 0; round < 20; round++)
        {
            await member.LeaveGroupAsync("again");
            await member.JoinGroupAsync("again");
            await Here.Layer.PublishAsync("again", new TestEvent(round));
            Assert.Equal([new TestEvent(round)], await member.ReadAllAsync(Here.Layer, "again"));
        }
    }

    [Fact]
    public async Task Clause_3_cleanup_runs_once_whatever_ends_the_consumer()
    {
        var disposedTwice = await ConnectAsync("end");
        var endsItself = await ConnectAsync("end");
        endsItself.OnTestEvent = async _ =>
        {
            await endsItself.DisposeAsync();
            throw new InvalidOperationException("And fails on top of it.");
        };
        var endsWithCircuit = await ConnectAsync("end");

        await disposedTwice.DisposeAsync();
        await disposedTwice.DisposeAsync();
        await Here.Layer.PublishAsync("end", new TestEvent(1));
        await endsWithCircuit.ReadUntilAsync<TestEvent>();
        await endsItself.Ended;
        await There.EndCircuitAsync();

        Assert.Equal(1, disposedTwice.Disconnected);
        Assert.Equal(1, endsItself.Disconnected);
        Assert.Equal(1, endsWithCircuit.Disconnected);
    }

    [Fact]
    public async Task Clause_4_a_stuck_consumer_does_not_hold_up_the_others()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stuck = await ConnectAsync("mixed");
        stuck.OnTestEvent = _ => release.Task;
        var quick = await ConnectAsync("mixed");

        for (var i = 0; i < 1_000; i++)
            await Here.Layer.PublishAsync("mixed", new TestEvent(i));

        Assert.Equal(1_000, (await quick.ReadAllAsync(Here.Layer, "mixed")).Count);
        release.SetResult();
        Assert.Equal(1_000, (await stuck.ReadUntilAsync<Fence>()).OfType<TestEvent>().Count());
    }

    [Fact]
    public async Task Clause_6_a_throwing_handler_loses_that_event_only()
    {
        var member = await ConnectAsync("throws");
        member.OnTestEvent = message => message.Number == 1 ? throw new InvalidOperationException("Handler.") : Task.CompletedTask;

        for (var i = 0; i < 3; i++)
            await Here.Layer.PublishAsync("throws", new TestEvent(i));

        Assert.Equal([new TestEvent(0), new TestEvent(2)], await member.ReadAllAsync(Here.Layer, "throws"));
    }

    [Fact]
    public async Task Clause_7_an_event_without_a_declared_handler_does_not_reach_the_consumer()
    {
        var member = await ConnectAsync("declared");

        await Here.Layer.PublishAsync("declared", new UnhandledEvent(1));
        await Here.Layer.PublishAsync("declared", new TestEvent(1));

        Assert.Equal([new TestEvent(1)], await member.ReadAllAsync(Here.Layer, "declared"));
    }

    [Fact]
    public async Task Clause_4_a_full_mailbox_loses_events_of_its_own_consumer_only_and_it_gets_one_gap()
    {
        await using var small = await StartSmallAsync(mailboxCapacity: 8);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = await small.ConnectAsync(new RecordingConsumer("overflow"));
        slow.OnTestEvent = _ =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        await small.Layer.PublishAsync("overflow", new TestEvent(0));
        await entered.Task.WaitAsync(TestWait.Limit);

        for (var i = 1; i <= 100; i++)
            await small.Layer.PublishAsync("overflow", new TestEvent(i));
        release.SetResult();

        var received = await slow.ReadUntilAsync<EventGap>();
        Assert.Equal(Enumerable.Range(0, 9), received.OfType<TestEvent>().Select(message => message.Number));
        Assert.Empty(await slow.ReadAllAsync(small.Layer, "overflow"));
    }

    [Fact]
    public async Task A_consumer_can_be_reached_alone_by_its_channel_name()
    {
        var one = await ConnectAsync("pair");
        var other = await ConnectAsync("pair");

        await Here.Layer.SendAsync(one.ChannelName, new TestEvent(7));
        await one.ReadUntilAsync<TestEvent>();

        Assert.Empty(await other.ReadAllAsync(Here.Layer, "pair"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("é")]
    [InlineData("a:b")]
    [InlineData("a*")]
    [InlineData("a\n")]
    public async Task Clause_8_other_names_are_refused_at_the_call(string name)
    {
        await Assert.ThrowsAsync<GroupNameException>(async () => await Here.Layer.PublishAsync(name, new TestEvent(1)));
        await Assert.ThrowsAsync<GroupNameException>(async () => await Here.ConnectAsync(new RecordingConsumer(name)));
    }

    [Fact]
    public async Task Clause_8_names_have_at_most_100_characters_and_keep_their_case()
    {
        var longest = new string('x', 100);
        var member = await ConnectAsync(longest, "Case");

        await Here.Layer.PublishAsync("case", new TestEvent(1));
        await Here.Layer.PublishAsync(longest, new TestEvent(2));

        Assert.Equal([new TestEvent(2)], await member.ReadAllAsync(Here.Layer, longest));
        await Assert.ThrowsAsync<GroupNameException>(async () => await Here.Layer.PublishAsync(longest + "x", new TestEvent(1)));
    }

    [Fact]
    public async Task Clause_8_an_event_over_1_MiB_reaches_nobody()
    {
        var member = await ConnectAsync("large");
        var fits = new TestEvent(1, new string('x', 1024 * 1024 - 100));

        await Assert.ThrowsAsync<EventTooLargeException>(
            async () => await Here.Layer.PublishAsync("large", new TestEvent(2, new string('x', 1024 * 1024))));
        await Here.Layer.PublishAsync("large", fits);

        Assert.Equal([fits], await member.ReadAllAsync(Here.Layer, "large"));
    }

    private protected ValueTask<RecordingConsumer> ConnectAsync(params string[] groups) => There.ConnectAsync(new RecordingConsumer(groups));
}
