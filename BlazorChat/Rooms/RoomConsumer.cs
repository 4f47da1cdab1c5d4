using BlazorChat.Channels;

namespace BlazorChat.Rooms;

/// <summary>Brings one circuit what happens in one room.</summary>
internal sealed class RoomConsumer(int roomId, Action<MessageView> changed, Action gap)
    : CircuitConsumer, IHandle<MessageChanged>, IHandle<Gap>
{
    protected override IEnumerable<string> Groups => [RoomGroups.Room(roomId)];

    public ValueTask HandleAsync(MessageChanged message, CancellationToken cancellationToken)
    {
        changed(message.Message);
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleAsync(Gap message, CancellationToken cancellationToken)
    {
        gap();
        return ValueTask.CompletedTask;
    }
}
