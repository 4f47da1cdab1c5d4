using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Directory;

/// <summary>Publishes to all lists which rooms have new messages.</summary>
internal sealed class RoomActivity(IChannelLayer layer, TimeProvider time) : ActivityLoop<int>(time)
{
    /// <summary>The most rooms in one event.</summary>
    private const int BatchSize = 1_000;

    protected override async Task PublishAsync(KeyValuePair<int, long>[] newest, CancellationToken cancellationToken)
    {
        foreach (var batch in newest.Chunk(BatchSize))
            await layer.PublishAsync(RoomGroups.Activity, new RoomsActivity(batch.ToDictionary()), cancellationToken);
    }
}
