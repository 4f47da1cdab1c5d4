using BlazorChat.Accounts;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
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
/// <param name="choices">The user changed how they want to be notified.</param>
/// <param name="mentioned">The user, or all members of a room, are mentioned; null for a component that calls nobody.</param>
/// <param name="status">A person has another status; null for a component that shows none.</param>
/// <param name="quiet">A person asked not to be disturbed, or no longer does. It is called only with <paramref name="status"/>.</param>
/// <param name="threads">There are new replies, perhaps in threads that the user follows; null for a component that counts none.</param>
/// <param name="threadRead">The user has read a thread, or follows it or no longer does.</param>
/// <param name="scheduled">The user's scheduled messages changed; null for a component that counts none.</param>
/// <param name="reminder">A reminder of the user is due, or has changed; null for a component that counts none.</param>
/// <param name="deleted">A message of any room was deleted. It is called only with <paramref name="active"/>.</param>
internal sealed class RoomListConsumer(
    Func<RoomChanged, Task> changed,
    Func<MembershipChanged, Task> membership,
    Func<Task> missed,
    Func<RoomsActivity, Task>? active = null,
    Func<RoomRead, Task>? read = null,
    Func<RoomHidden, Task>? hidden = null,
    Func<RoomPreferencesChanged, Task>? preferences = null,
    Func<NotificationChoicesChanged, Task>? choices = null,
    Func<MentionsChanged, Task>? mentioned = null,
    Func<MessageDeleted, Task>? deleted = null,
    Func<StatusChanged, Task>? status = null,
    Func<DoNotDisturbChanged, Task>? quiet = null,
    Func<ThreadsActivity, Task>? threads = null,
    Func<ThreadRead, Task>? threadRead = null,
    Func<Task>? scheduled = null,
    Func<ReminderChanged, Task>? reminder = null)
    : CircuitConsumer,
        IHandle<RoomChanged>,
        IHandle<RoomHidden>,
        IHandle<MembershipChanged>,
        IHandle<EventGap>,
        IHandle<RoomsActivity>,
        IHandle<RoomRead>,
        IHandle<RoomPreferencesChanged>,
        IHandle<NotificationChoicesChanged>,
        IHandle<MentionsChanged>,
        IHandle<MessageDeleted>,
        IHandle<ThreadsActivity>,
        IHandle<ThreadRead>,
        IHandle<ScheduledChanged>,
        IHandle<ReminderChanged>,
        IHandle<StatusChanged>,
        IHandle<DoNotDisturbChanged>
{
    /// <summary>All circuits of a node see a gap at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    protected override IEnumerable<string> Groups =>
    [
        RoomGroups.All,
        RoomGroups.User(Scope.User.UserId),
        .. active is null ? (string[])[] : [RoomGroups.Activity],
        .. mentioned is null ? (string[])[] : [RoomGroups.Mentions],
        .. threads is null ? (string[])[] : [RoomGroups.Threads],
        .. status is null ? (string[])[] : [PersonGroups.Statuses],
    ];

    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken) => await changed(message);

    public async ValueTask HandleAsync(RoomHidden message, CancellationToken cancellationToken) => await (hidden?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(MembershipChanged message, CancellationToken cancellationToken) => await membership(message);

    public async ValueTask HandleAsync(RoomsActivity message, CancellationToken cancellationToken) => await active!(message);

    public async ValueTask HandleAsync(RoomRead message, CancellationToken cancellationToken) => await (read?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(RoomPreferencesChanged message, CancellationToken cancellationToken) =>
        await (preferences?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(NotificationChoicesChanged message, CancellationToken cancellationToken) =>
        await (choices?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(MentionsChanged message, CancellationToken cancellationToken) =>
        await (message.IsFor(Scope.User.UserId) && mentioned is not null ? mentioned(message) : Task.CompletedTask);

    public async ValueTask HandleAsync(MessageDeleted message, CancellationToken cancellationToken) =>
        await (deleted?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(ThreadsActivity message, CancellationToken cancellationToken) => await threads!(message);

    public async ValueTask HandleAsync(ThreadRead message, CancellationToken cancellationToken) => await (threadRead?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(ScheduledChanged message, CancellationToken cancellationToken) => await (scheduled?.Invoke() ?? Task.CompletedTask);

    public async ValueTask HandleAsync(ReminderChanged message, CancellationToken cancellationToken) => await (reminder?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(StatusChanged message, CancellationToken cancellationToken) => await (status?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(DoNotDisturbChanged message, CancellationToken cancellationToken) => await (quiet?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken)
    {
        await Task.Delay(Spread * Random.Shared.NextDouble(), Scope.Services.GetRequiredService<TimeProvider>(), cancellationToken);
        await missed();
    }
}
