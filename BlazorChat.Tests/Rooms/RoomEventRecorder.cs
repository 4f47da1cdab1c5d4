using System.Threading.Channels;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Rooms;

namespace BlazorChat.Tests.Rooms;

/// <summary>A consumer that records those events of one group of rooms that are not part of a feed.</summary>
internal sealed class RoomEventRecorder(string group)
    : Consumer,
        IHandle<RoomChanged>,
        IHandle<RoomHidden>,
        IHandle<RoomRead>,
        IHandle<RoomPreferencesChanged>,
        IHandle<RoomsActivity>,
        IHandle<RoomTyping>,
        IHandle<MentionsChanged>,
        IHandle<ThreadsActivity>,
        IHandle<ThreadRead>,
        IHandle<NotificationChoicesChanged>
{
    private readonly Channel<object> _received = System.Threading.Channels.Channel.CreateUnbounded<object>();

    protected override IEnumerable<string> Groups => [group];

    /// <summary>Connects the consumer to the channel layer of a node.</summary>
    public async Task ConnectAsync(TestDatabase node) => await node.Services.GetRequiredService<NodeConnector>().ConnectAsync(this);

    public ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomHidden message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomPreferencesChanged message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomsActivity message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomTyping message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(MentionsChanged message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(NotificationChoicesChanged message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(ThreadsActivity message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(ThreadRead message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    /// <summary>Waits for the next event.</summary>
    /// <exception cref="TimeoutException">None came within <see cref="TestWait.Limit"/>.</exception>
    public Task<object> NextAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);
}
