using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages;

/// <summary>Keeps what one circuit shows of rooms up to date without asking the database, unless something may have been missed.</summary>
/// <param name="changed">A room was created or renamed.</param>
/// <param name="membership">The person is in a room or no longer, or owns it.</param>
/// <param name="missed">Events may have been lost: what is shown is to be read again.</param>
internal class RoomListConsumer(Func<RoomChanged, Task> changed, Func<MembershipChanged, Task> membership, Func<Task> missed)
    : CircuitConsumer, IHandle<RoomChanged>, IHandle<MembershipChanged>, IHandle<EventGap>
{
    /// <summary>A gap is the same for every circuit of a node: they read again spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    protected override IEnumerable<string> Groups => [RoomGroups.All, RoomGroups.User(Scope.User.UserId)];

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => await changed(message);

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await membership(message);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        await missed();
    }
}

/// <summary>Also reports what is unread in the rooms of the list.</summary>
/// <param name="active">There are new messages, perhaps in rooms of the list.</param>
/// <param name="read">The person has read one of them up to a message.</param>
internal sealed class RoomNavConsumer(
    Func<RoomChanged, Task> changed,
    Func<MembershipChanged, Task> membership,
    Func<Task> missed,
    Func<RoomsActivity, Task> active,
    Func<RoomRead, Task> read)
    : RoomListConsumer(changed, membership, missed), IHandle<RoomsActivity>, IHandle<RoomRead>
{
    protected override IEnumerable<string> Groups => [.. base.Groups, RoomGroups.Activity];

    public async ValueTask HandleAsync(RoomsActivity message, CancellationToken cancellationToken) => await active(message);

    public async ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) => await read(message);
}
