using BlazorChat.Accounts;
using BlazorChat.Channels;

namespace BlazorChat.Rooms;

/// <summary>Tells one circuit that its list of rooms is no longer what it was.</summary>
internal sealed class RoomListConsumer(Func<Task> changed)
    : CircuitConsumer, IHandle<RoomChanged>, IHandle<MembershipChanged>, IHandle<Gap>
{
    protected override IEnumerable<string> Groups => [RoomGroups.All, RoomGroups.User(Scope.User.UserId)];

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await changed();

    public async ValueTask HandleAsync(Gap message, CancellationToken cancellationToken) => await changed();
}
