using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.Drafts;

/// <summary>Notifies a list of scheduled messages that it is no longer current.</summary>
/// <param name="changed">The list reads its messages again.</param>
/// <param name="isShown">Whether the list shows a message for a room.</param>
internal sealed class ScheduledListConsumer(Func<Task> changed, Func<int, bool> isShown)
    : ListConsumer(changed), IHandle<ScheduledChanged>, IHandle<RoomHidden>, IHandle<RoomChanged>
{
    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId), RoomGroups.All];

    public ValueTask HandleAsync(ScheduledChanged message, CancellationToken cancellationToken) => ChangeAsync();

    public async ValueTask HandleAsync(RoomHidden message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId))
            await ChangeSoonAsync(cancellationToken);
    }

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId))
            await ChangeSoonAsync(cancellationToken);
    }
}
