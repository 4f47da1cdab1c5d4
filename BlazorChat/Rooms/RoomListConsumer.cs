using BlazorChat.Accounts;
using BlazorChat.Channels;

namespace BlazorChat.Rooms;

/// <summary>Tells one circuit that its list of rooms is no longer what it was.</summary>
internal class RoomListConsumer(Func<Task> changed)
    : CircuitConsumer, IHandle<RoomChanged>, IHandle<MembershipChanged>, IHandle<Gap>
{
    protected override IEnumerable<string> Groups => [RoomGroups.All, RoomGroups.User(Scope.User.UserId)];

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(Gap message, CancellationToken cancellationToken) => await changed();
}

/// <summary>Also tells what is unread in the rooms of the list.</summary>
/// <param name="active">There are new messages, perhaps in rooms of the list.</param>
/// <param name="read">The person has read one of them up to a message.</param>
internal sealed class RoomNavConsumer(Func<Task> changed, Func<RoomsActivity, Task> active, Func<RoomRead, Task> read)
    : RoomListConsumer(changed), IHandle<RoomsActivity>, IHandle<RoomRead>
{
    protected override IEnumerable<string> Groups => [.. base.Groups, RoomGroups.Activity];

    public async ValueTask HandleAsync(RoomsActivity message, CancellationToken cancellationToken) => await active(message);

    public async ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) => await read(message);
}
