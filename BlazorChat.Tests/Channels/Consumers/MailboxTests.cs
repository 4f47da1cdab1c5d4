using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Tests.Channels.Layer;

namespace BlazorChat.Tests.Channels.Consumers;

public sealed class MailboxTests : IAsyncLifetime
{
    private const int Capacity = 3;

    private TestNode _node = default!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(mailboxCapacity: Capacity);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public void A_pump_starts_when_none_runs()
    {
        var mailbox = CreateConnected(new RecordingConsumer());

        Assert.True(Add(mailbox));
        Assert.False(Add(mailbox));
        Assert.False(mailbox.AddGap());
        Assert.Equal([typeof(TestEvent), typeof(TestEvent), typeof(EventGap)], DrainAll(mailbox));
        Assert.True(mailbox.AddGap());
    }

    [Fact]
    public void A_mailbox_that_never_runs_empty_does_not_postpone_the_gap()
    {
        var mailbox = CreateConnected(new RecordingConsumer());
        for (var i = 0; i <= Capacity; i++)
            Add(mailbox);

        for (var i = 0; i < Capacity; i++)
        {
            Assert.True(mailbox.TryTake(out var delivery));
            Assert.IsType<TestEvent>(delivery.Message);
            Add(mailbox);
        }

        Assert.True(mailbox.TryTake(out var gap));
        Assert.IsType<EventGap>(gap.Message);
    }

    [Fact]
    public void A_consumer_that_does_not_handle_gaps_gets_none()
    {
        var mailbox = CreateConnected(new ConsumerWithoutGaps());
        for (var i = 0; i <= Capacity; i++)
            Add(mailbox);

        Assert.Equal(Enumerable.Repeat(typeof(TestEvent), Capacity), DrainAll(mailbox));
    }

    [Fact]
    public void A_closed_mailbox_is_empty_and_stays_so()
    {
        var mailbox = CreateConnected(new RecordingConsumer());
        for (var i = 0; i <= Capacity; i++)
            Add(mailbox);

        mailbox.Close();

        Assert.Empty(DrainAll(mailbox));
        Assert.False(Add(mailbox));
        Assert.False(mailbox.AddGap());
        Assert.Empty(DrainAll(mailbox));
    }

    private Mailbox CreateConnected(IMailbox consumer)
    {
        var mailbox = new Mailbox(consumer, _node.Services.GetRequiredService<ChannelLayer>());
        Assert.Empty(DrainAll(mailbox));
        return mailbox;
    }

    private bool Add(Mailbox mailbox) =>
        mailbox.Add(new Delivery(_node.Services.GetRequiredService<EventRegistry>().Get<TestEvent>(), new TestEvent(1), null));

    private static List<Type> DrainAll(Mailbox mailbox)
    {
        var types = new List<Type>();
        while (mailbox.TryTake(out var delivery))
            types.Add(delivery.Message.GetType());
        return types;
    }

    private sealed class ConsumerWithoutGaps : CircuitConsumer, IHandle<TestEvent>
    {
        public ValueTask HandleAsync(TestEvent message, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
