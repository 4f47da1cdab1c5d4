using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.Saved;

/// <summary>Notifies a list of reminders that it is no longer current.</summary>
/// <param name="changed">The list reads its reminders again.</param>
/// <param name="isShown">Whether the list shows a message of a room; without a key, any message.</param>
internal sealed class ReminderListConsumer(Func<Task> changed, Func<int, long?, bool> isShown)
    : ListConsumer(changed), IHandle<ReminderChanged>, IHandle<MessageDeleted>, IHandle<RoomHidden>, IHandle<RoomChanged>
{
    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId), RoomGroups.Activity, RoomGroups.All];

    public ValueTask HandleAsync(ReminderChanged message, CancellationToken cancellationToken) => ChangeAsync();

    public async ValueTask HandleAsync(MessageDeleted message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId, message.Sequence))
            await ChangeAsync();
    }

    public async ValueTask HandleAsync(RoomHidden message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId, null))
            await ChangeSoonAsync(cancellationToken);
    }

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId, null))
            await ChangeSoonAsync(cancellationToken);
    }
}
