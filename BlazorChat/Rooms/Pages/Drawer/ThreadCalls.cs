using System.Security.Claims;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Threads;
using Microsoft.Extensions.Localization;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// Decides which replies call the reader of a page: those of threads that they follow, in rooms that are neither muted nor hidden, unless the room shows
/// the reply too, where it calls like a message. The event of new replies names the followers, so others compare only. Call it on the renderer's
/// dispatcher.
/// </summary>
/// <param name="find">Returns a room of the list; null for none.</param>
/// <param name="isWatched">Whether this reader looks at this thread, on this page or on another device.</param>
/// <param name="choices">Returns how the reader wants to be notified.</param>
/// <param name="show">Calls the reader.</param>
/// <param name="withdraw">Ends a call: its reply was read or deleted.</param>
/// <param name="getReader">Returns the reader.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed class ThreadCalls(
    Func<int, RoomView?> find,
    Func<int, ThreadKey, bool> isWatched,
    Func<NotificationChoices> choices,
    Func<RoomCall, Task> show,
    Func<ThreadKey, long, Task> withdraw,
    Func<Task<ClaimsPrincipal>> getReader,
    UnreadReplies replies,
    IStringLocalizer<RoomTexts> text,
    ILogger logger,
    TimeProvider time,
    CancellationToken closed)
    : CallQueue<ThreadKey>(choices, logger, time, closed)
{
    /// <summary>The clock of the node that wrote a reply may be as much behind.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private readonly DateTime _openedAt = time.GetUtcNow().UtcDateTime;

    /// <summary>There are new replies, or edited ones that mention somebody.</summary>
    public void Add(ThreadsActivity activity, int readerId)
    {
        foreach (var thread in activity.Of(readerId, roomId => find(roomId) is not null).Where(thread => find(thread.RoomId) is { IsMember: true, IsMuted: false, IsHidden: false }))
            Add(new ThreadKey(thread.RoomId, thread.Root), thread.LastReply);
    }

    /// <summary>The reader has read a thread, or no longer follows it.</summary>
    public void Update(ThreadRead read) =>
        Withdraw((thread, number) => thread == new ThreadKey(read.RoomId, read.Root) && (read.Reply is null || read.Reply >= number));

    /// <summary>The preferences of a room have changed.</summary>
    public void Update(RoomView room) => Withdraw((thread, _) => thread.RoomId == room.Id && (room.IsMuted || room.IsHidden));

    /// <summary>The reader has left a room or was removed from it, or it was archived or deleted.</summary>
    public void Remove(int roomId) => Forget(thread => thread.RoomId == roomId);

    protected override long NewestOf(ThreadKey key) => 0;

    protected override Task WithdrawAsync(ThreadKey key, long number) => withdraw(key, number);

    protected override async Task CallAsync(ThreadKey key, long first)
    {
        if (FindCallable(key.RoomId) is null)
            return;
        var reader = await getReader();
        if (isWatched(reader.UserId, key))
        {
            Skip(key, first);
            return;
        }

        var unread = await replies.ReadAsync(reader, key, Closed);
        // The reader may have left the room, or asked for quiet, meanwhile.
        if (unread.Count == 0 || FindCallable(key.RoomId) is not { } room)
            return;
        var calledUpTo = CalledUpTo(key);
        // What was unread when the page was opened does not call, and what may have been forgotten does not call again.
        var forgotten = Now - Kept;
        var since = (_openedAt > forgotten ? _openedAt : forgotten) - ClockSkew;
        MessageView[] calling =
        [
            .. unread.Where(reply => reply.ReplyNumber > calledUpTo && IsNew(reply, since, reader.UserId) && reply.AuthorId != reader.UserId && reply.DeletedAt is null && !IsDeleted(reply)),
        ];
        if (Note(key, unread[^1].ReplyNumber!.Value, [.. calling.Select(reply => (reply.ReplyNumber!.Value, key.RoomId, reply.Sequence))]) is > 0 and var count)
            await show(Describe(room, key, calling[^1], count));
    }

    /// <summary>Whether a reply was written since a time, or was edited and mentions the reader.</summary>
    private static bool IsNew(MessageView reply, DateTime since, int readerId) =>
        reply.SentAt >= since
        || (reply.EditedAt >= since && MentionHtml.FindMentions(reply.Html).Any(mention => mention.Target.PersonId is null || mention.Target.PersonId == readerId));

    /// <summary>The room, if its threads may call now.</summary>
    private RoomView? FindCallable(int roomId) =>
        find(roomId) is { IsMember: true, IsMuted: false, IsHidden: false } room && !IsQuiet ? room : null;

    private RoomCall Describe(RoomView room, ThreadKey thread, MessageView newest, int count)
    {
        var isOfTwo = room is { Kind: RoomKind.Direct, Person: not null };
        var words = HtmlText.Read(MentionHtml.Show(newest), MaxBody) is { Length: > 0 } read ? read : text["SentFile"];
        var title = count > 1
            ? text["NewRepliesIn", count, room.Name]
            : isOfTwo ? text["CallThreadTitleOfTwo", newest.AuthorName] : text["CallThreadTitle", newest.AuthorName, room.Name];
        return new RoomCall(room.Id, newest.ReplyNumber!.Value, title, count == 1 || isOfTwo ? words : text["CallLine", newest.AuthorName, words], PlaysSound)
        {
            Root = thread.Root,
        };
    }
}
