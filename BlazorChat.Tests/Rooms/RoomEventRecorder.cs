using System.Threading.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Rooms;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Rooms;

/// <summary>Hears the events of one group that are no feed's.</summary>
internal sealed class RoomEventRecorder(string group) : Consumer, IHandle<RoomRead>, IHandle<RoomsActivity>, IHandle<RoomTyping>
{
    private readonly Channel<object> _received = System.Threading.Channels.Channel.CreateUnbounded<object>();

    protected override IEnumerable<string> Groups => [group];

    public async Task ConnectAsync(TestDatabase node) => await node.Services.GetRequiredService<NodeConnector>().ConnectAsync(this);

    public ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomsActivity message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    public ValueTask HandleAsync(RoomTyping message, CancellationToken cancellationToken) => _received.Writer.WriteAsync(message, cancellationToken);

    /// <summary>The next event.</summary>
    /// <exception cref="TimeoutException">None came for 15 seconds.</exception>
    public Task<object> NextAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TestWait.Limit);
}
