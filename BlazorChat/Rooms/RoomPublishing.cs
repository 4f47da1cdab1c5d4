using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms;

/// <summary>Publishes changes of rooms to those who may see them. Called after the commit, so it cannot be cancelled.</summary>
internal static class RoomPublishing
{
    /// <summary>
    /// Publishes new settings of a room. Lost rights come first: to publish to the members of a large room takes a while.
    /// </summary>
    /// <param name="wasOpen">Whether everybody saw the room before the change.</param>
    /// <param name="memberIds">The members, who alone may read the settings of a private room.</param>
    public static async Task PublishSettingsAsync(this IChannelLayer layer, RoomChanged changed, bool wasOpen, IReadOnlyList<int> memberIds)
    {
        if (wasOpen && changed.Kind != RoomKind.Open)
        {
            await layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(changed.RoomId), CancellationToken.None);
            await layer.PublishAsync(RoomGroups.All, new RoomHidden(changed.RoomId, changed.Version), CancellationToken.None);
        }

        await layer.PublishAsync(RoomGroups.Settings(changed.RoomId), changed, CancellationToken.None);
        if (changed.Kind == RoomKind.Open)
            await layer.PublishAsync(RoomGroups.All, changed, CancellationToken.None);
        else
            await layer.PublishToMembersAsync(changed, memberIds);
    }

    /// <summary>Publishes the deletion of a room.</summary>
    /// <param name="wasOpen">Whether everybody saw the room.</param>
    /// <param name="memberIds">The former members.</param>
    public static async Task PublishDeletionAsync(this IChannelLayer layer, RoomChanged deletion, bool wasOpen, IReadOnlyList<int> memberIds)
    {
        await layer.PublishAsync(RoomGroups.Access, new RoomAccessChanged(deletion.RoomId), CancellationToken.None);
        if (wasOpen)
            await layer.PublishAsync(RoomGroups.All, deletion, CancellationToken.None);
        else
            await layer.PublishToMembersAsync(deletion, memberIds);
    }

    private static async Task PublishToMembersAsync(this IChannelLayer layer, RoomChanged changed, IReadOnlyList<int> memberIds)
    {
        foreach (var userId in memberIds)
            await layer.PublishAsync(RoomGroups.User(userId), changed, CancellationToken.None);
    }
}
