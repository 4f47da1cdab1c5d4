using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Rooms.Pages.FollowedThreads;

/// <summary>Notifies a list of followed threads that it is no longer current.</summary>
/// <param name="changed">The list reads its threads again.</param>
/// <param name="isShown">Whether the list shows a message of a room: the first one of a thread, or its newest reply; without a key, any thread.</param>
internal sealed class ThreadListConsumer(Func<Task> changed, Func<int, long?, bool> isShown)
    : ListConsumer(changed),
        IHandle<ThreadsActivity>,
        IHandle<ThreadRead>,
        IHandle<MentionsChanged>,
        IHandle<MessageDeleted>,
        IHandle<RoomChanged>
{
    /// <summary>An event with more followers reaches many circuits.</summary>
    private const int ManyFollowers = 50;

    protected override IEnumerable<string> Groups => [RoomGroups.User(Scope.User.UserId), RoomGroups.Threads, RoomGroups.Activity, RoomGroups.All];

    public async ValueTask HandleAsync(ThreadsActivity message, CancellationToken cancellationToken)
    {
        // A thread whose followers are not named may be one of the list.
        ThreadReplies[] own = [.. message.Of(Scope.User.UserId, _ => true)];
        if (own.Length == 0)
            return;
        if (own.Any(thread => thread.Followers is not { Count: <= ManyFollowers }))
            await ChangeSoonAsync(cancellationToken);
        else
            await ChangeAsync();
    }

    public ValueTask HandleAsync(ThreadRead message, CancellationToken cancellationToken) => ChangeAsync();

    /// <summary>An edit that mentions the reader follows the thread of its reply.</summary>
    public async ValueTask HandleAsync(MentionsChanged message, CancellationToken cancellationToken)
    {
        if (message.UserId is not null)
            await ChangeAsync();
    }

    public async ValueTask HandleAsync(MessageDeleted message, CancellationToken cancellationToken)
    {
        if (isShown(message.RoomId, message.Sequence))
            await ChangeAsync();
    }

    /// <summary>A deleted room takes its threads with it.</summary>
    public async ValueTask HandleAsync(RoomChanged message, CancellationToken cancellationToken)
    {
        if (message.IsDeleted && isShown(message.RoomId, null))
            await ChangeSoonAsync(cancellationToken);
    }
}
