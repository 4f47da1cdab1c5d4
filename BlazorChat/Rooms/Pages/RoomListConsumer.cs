using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages;

/// <summary>Notifies a component that shows rooms of their changes, so that it reads them again only when events may be missing.</summary>
/// <param name="changed">A room was created, or its settings changed, or it was deleted.</param>
/// <param name="membership">The user joined or left a room, or became its owner.</param>
/// <param name="missed">Events may have been lost: the component reads its rooms again.</param>
/// <param name="active">There are new messages, perhaps in rooms of the list; null for a component that counts none.</param>
/// <param name="read">The user has read a room up to a message, or marked messages as unread.</param>
/// <param name="hidden">An open room became private; null for a component that shows only rooms of the user.</param>
/// <param name="preferences">The user changed a preference for a room.</param>
internal sealed class RoomListConsumer(
    Func<RoomChanged, Task> changed,
    Func<MembershipChanged, Task> membership,
    Func<Task> missed,
    Func<RoomsActivity, Task>? active = null,
    Func<RoomRead, Task>? read = null,
    Func<RoomHidden, Task>? hidden = null,
    Func<RoomPreferencesChanged, Task>? preferences = null)
    : CircuitConsumer,
        IHandle<RoomChanged>,
        IHandle<RoomHidden>,
        IHandle<MembershipChanged>,
        IHandle<EventGap>,
        IHandle<RoomsActivity>,
        IHandle<RoomRead>,
        IHandle<RoomPreferencesChanged>
{
    /// <summary>All circuits of a node see a gap at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    protected override IEnumerable<string> Groups =>
        [RoomGroups.All, RoomGroups.User(Scope.User.UserId), .. active is null ? (string[])[] : [RoomGroups.Activity]];

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => await changed(message);

    public async ValueTask HandleAsync(RoomHidden message, CancellationToken cancellationToken) => await (hidden?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await membership(message);

    public async ValueTask HandleAsync(RoomsActivity message, CancellationToken cancellationToken) => await active!(message);

    public async ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) => await (read?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(RoomPreferencesChanged message, CancellationToken cancellationToken) =>
        await (preferences?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        await missed();
    }
}
