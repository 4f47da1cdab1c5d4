using BlazorChat.Accounts;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Avatars;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>Follows one room for one circuit, from the revision that its page shows until the circuit or the page ends.</summary>
/// <param name="changed">Applies a page of changes. The next page is read when it completes.</param>
/// <param name="typing">Someone is typing in the room.</param>
/// <param name="avatar">Someone, not necessarily of this room, has another picture.</param>
/// <param name="authors">This person has another name or handle, became an admin or stopped being one; null when such events may have been lost.</param>
/// <param name="ended">The user lost access to the room. No more changes follow.</param>
/// <param name="threadRead">The user has read a thread of any room, or follows it or no longer does; null for a component that shows no thread.</param>
internal sealed partial class RoomConsumer(
    int roomId,
    long afterRevision,
    Func<FeedPage<MessageChanged>, Task> changed,
    Func<RoomTyping, Task> typing,
    Func<AvatarChanged, Task> avatar,
    Func<int?, Task> authors,
    Func<Task> ended,
    Func<ThreadRead, Task>? threadRead = null)
    : CircuitConsumer, IHandle<RoomTyping>, IHandle<ThreadRead>, IHandle<AvatarChanged>, IHandle<AdminChanged>, IHandle<PersonChanged>, IHandle<EventGap>
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override IEnumerable<string> Groups =>
        [RoomGroups.Typing(roomId), AvatarGroups.All, SessionGroups.All, .. threadRead is null ? (string[])[] : [RoomGroups.User(Scope.User.UserId)]];

    public async ValueTask HandleAsync(RoomTyping message, CancellationToken cancellationToken) => await typing(message);

    public async ValueTask HandleAsync(ThreadRead message, CancellationToken cancellationToken) => await (threadRead?.Invoke(message) ?? Task.CompletedTask);

    public async ValueTask HandleAsync(AvatarChanged message, CancellationToken cancellationToken) => await avatar(message);

    public async ValueTask HandleAsync(AdminChanged message, CancellationToken cancellationToken) => await authors(message.UserId);

    public async ValueTask HandleAsync(PersonChanged message, CancellationToken cancellationToken) => await authors(message.UserId);

    public async ValueTask HandleAsync(EventGap message, CancellationToken cancellationToken) => await authors(null);

    protected override ValueTask OnConnectedAsync(CancellationToken cancellationToken)
    {
        _ = FollowAsync(
            Scope.Services.GetRequiredService<Conversation>(), Scope.Services.GetRequiredService<ILogger<RoomConsumer>>());
        return ValueTask.CompletedTask;
    }

    private async Task FollowAsync(Conversation conversation, ILogger logger)
    {
        var revision = afterRevision;
        while (!Disconnecting.IsCancellationRequested)
        {
            try
            {
                await foreach (var page in conversation.FollowAsync(Scope.User, roomId, revision, Disconnecting))
                {
                    await changed(page);
                    revision = page.Revision;
                }
            }
            catch (Exception) when (Disconnecting.IsCancellationRequested)
            {
                return;
            }
            catch (RefusedException)
            {
                await LeaveAsync(RoomGroups.Typing(roomId), CancellationToken.None);
                await ended();
                return;
            }
            catch (Exception exception)
            {
                LogInterrupted(logger, exception, roomId);
                await Task.Delay(RetryDelay, Disconnecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Following room {RoomId} was interrupted and continues at its revision")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, int roomId);
}
