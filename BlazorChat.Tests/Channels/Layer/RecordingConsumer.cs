using System.Threading.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Channels.Layer;

/// <summary>A consumer that records its events, for tests to read in order.</summary>
internal sealed class RecordingConsumer(params string[] groups) : CircuitConsumer, IHandle<TestEvent>, IHandle<Fence>, IHandle<EventGap>
{
    private readonly Channel<object> _received = System.Threading.Channels.Channel.CreateUnbounded<object>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called for each <see cref="TestEvent"/> before it is recorded; null for none.</summary>
    public Func<TestEvent, Task>? OnTestEvent { get; set; }

    public int Disconnected { get; private set; }

    /// <summary>Completes when the consumer has disconnected.</summary>
    /// <exception cref="TimeoutException">It did not within <see cref="TestWait.Limit"/>.</exception>
    public Task Ended => _ended.Task.WaitAsync(TestWait.Limit);

    protected override IEnumerable<string> Groups => groups;

    public ValueTask JoinGroupAsync(string group) => JoinAsync(group);

    public ValueTask LeaveGroupAsync(string group) => LeaveAsync(group);

    public async ValueTask HandleAsync(TestEvent message, CancellationToken cancellationToken)
    {
        if (OnTestEvent is not null)
            await OnTestEvent(message);
        _received.Writer.TryWrite(message);
    }

    public ValueTask HandleAsync(Fence message, CancellationToken cancellationToken) => Note(message);

    public ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => Note(message);

    /// <summary>Waits for the next event.</summary>
    /// <exception cref="OperationCanceledException">None came within <see cref="TestWait.Limit"/>.</exception>
    public async Task<object> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return await _received.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>Reads events up to and including the next one of a type, and returns all of them.</summary>
    public async Task<List<object>> ReadUntilAsync<TEvent>()
    {
        var events = new List<object>();
        do
            events.Add(await NextAsync());
        while (events[^1] is not TEvent);
        return events;
    }

    /// <summary>
    /// Reads every event that was published to a group before this call: it publishes a <see cref="Fence"/> and reads the events before it.
    /// </summary>
    public async Task<List<object>> ReadAllAsync(IChannelLayer publisher, string group)
    {
        var fence = new Fence(Guid.NewGuid());
        await publisher.PublishAsync(group, fence);
        var events = new List<object>();
        while (await NextAsync() is var next && !fence.Equals(next))
            events.Add(next);
        return events;
    }

    protected override ValueTask OnDisconnectedAsync()
    {
        Disconnected++;
        _ended.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private ValueTask Note(object message)
    {
        _received.Writer.TryWrite(message);
        return ValueTask.CompletedTask;
    }
}
