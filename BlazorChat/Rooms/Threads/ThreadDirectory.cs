using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Threads;

/// <summary>The first message of a thread with its newest replies, oldest first.</summary>
/// <param name="LastReadReply">The newest reply that the reader has read; null for a reader who does not follow the thread.</param>
/// <param name="Revision">The room's revision up to which they include all changes.</param>
public sealed record ThreadOpening(MessageView Root, IReadOnlyList<MessageView> Replies, long? LastReadReply, long Revision);

/// <summary>A thread that a person follows.</summary>
/// <param name="Id">With <see cref="ThreadView.LastReplyAt"/>, its position in the list.</param>
/// <param name="RoomName">For a direct room, the names of its other people.</param>
/// <param name="Newest">The newest reply.</param>
/// <param name="Unread">The number of replies that the person has not read.</param>
public sealed record FollowedThread(long Id, string RoomName, RoomKind RoomKind, MessageView Root, MessageView Newest, long Unread);

/// <summary>Reads threads. Every call checks the right to the room.</summary>
internal sealed class ThreadDirectory(IDbContextFactory<ChatDbContext> databases)
{
    /// <summary>The most threads of one list.</summary>
    public const int ListSize = 50;

    /// <summary>The first message with the newest replies.</summary>
    /// <exception cref="RefusedException">There is no such message that this person may read, or it is a reply.</exception>
    public async Task<ThreadOpening> OpenAsync(ClaimsPrincipal reader, int roomId, long root, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var revision = await ReadRevisionAsync(db, reader, roomId, cancellationToken);
        var first = await db.Messages.AsNoTracking()
            .Where(message => message.RoomId == roomId && message.Sequence == root && message.ThreadRoot == null)
            .Select(MessageView.FromMessage)
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
        var replies = await RepliesOf(db, roomId, root)
            .OrderByDescending(message => message.ReplyNumber)
            .Take(Conversation.PageSize)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        var userId = reader.UserId;
        var read = await db.ThreadFollows
            .Where(follow => follow.UserId == userId && follow.Thread!.RoomId == roomId && follow.Thread.RootSequence == root)
            .Select(follow => (long?)follow.LastReadReply)
            .SingleOrDefaultAsync(cancellationToken);
        replies.Reverse();
        var named = await MentionNames.AddAsync(db, [first, .. replies], cancellationToken);
        return new ThreadOpening(named[0], [.. named.Skip(1)], read, revision);
    }

    /// <summary>The replies before a number, oldest first.</summary>
    /// <exception cref="RefusedException">There is no room that this person may read.</exception>
    public async Task<MessagePage> ReadBeforeAsync(ClaimsPrincipal reader, int roomId, long root, long number, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(
            reader, roomId, root, replies => replies.Where(reply => reply.ReplyNumber < number).OrderByDescending(reply => reply.ReplyNumber), cancellationToken);
        return page with { Messages = [.. page.Messages.Reverse()] };
    }

    /// <summary>The replies after a number, oldest first.</summary>
    /// <inheritdoc cref="ReadBeforeAsync"/>
    public Task<MessagePage> ReadAfterAsync(ClaimsPrincipal reader, int roomId, long root, long number, CancellationToken cancellationToken) => ReadAsync(
        reader, roomId, root, replies => replies.Where(reply => reply.ReplyNumber > number).OrderBy(reply => reply.ReplyNumber), cancellationToken);

    /// <summary>
    /// The threads that a person follows in rooms that they are a member of and that are not archived, by their newest replies; at most
    /// <see cref="ListSize"/>.
    /// </summary>
    /// <param name="before">The last thread of the previous list; null for the first one.</param>
    public Task<IReadOnlyList<FollowedThread>> ListAsync(ClaimsPrincipal person, (DateTime LastReplyAt, long Id)? before, CancellationToken cancellationToken) =>
        ListAsync(person, roomId: null, before, cancellationToken);

    /// <param name="roomId">The only room whose threads are listed; null for all.</param>
    /// <inheritdoc cref="ListAsync(ClaimsPrincipal, ValueTuple{DateTime, long}?, CancellationToken)"/>
    public async Task<IReadOnlyList<FollowedThread>> ListAsync(
        ClaimsPrincipal person, int? roomId, (DateTime LastReplyAt, long Id)? before, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var follows = ThreadFollows.CountedOf(db, [userId]);
        if (roomId is not null)
            follows = follows.Where(follow => follow.Thread!.RoomId == roomId);
        if (before is { LastReplyAt: var at, Id: var id })
            follows = follows.Where(follow => follow.Thread!.LastReplyAt < at || (follow.Thread.LastReplyAt == at && follow.RootId < id));
        var threads = await follows
            .OrderByDescending(follow => follow.Thread!.LastReplyAt)
            .ThenByDescending(follow => follow.RootId)
            .Take(ListSize)
            .Select(follow => new
            {
                follow.RootId,
                follow.Thread!.RoomId,
                follow.Thread.RootSequence,
                follow.Thread.LastReply,
                follow.Thread.Root!.Room!.Name,
                follow.Thread.Root.Room.Kind,
                follow.LastReadReply,
                NewestId = db.Messages
                    .Where(reply => reply.RoomId == follow.Thread.RoomId && reply.ThreadRoot == follow.Thread.RootSequence && reply.ReplyNumber == follow.Thread.LastReply)
                    .Select(reply => reply.Id)
                    .Single(),
            })
            .ToListAsync(cancellationToken);
        var ids = threads.SelectMany(thread => new[] { thread.RootId, thread.NewestId }).ToArray();
        var read = await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var messages = (await MentionNames.AddAsync(db, read, cancellationToken))
            .ToDictionary(message => (message.RoomId, Root: message.ThreadRoot ?? message.Sequence, message.ReplyNumber));
        var directIds = threads.Where(thread => thread.Kind == RoomKind.Direct).Select(thread => thread.RoomId).Distinct().ToArray();
        var memberships = db.Memberships.AsNoTracking().Where(m => m.UserId == userId && directIds.Contains(m.RoomId));
        var others = directIds.Length == 0 ? null : await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        return
        [
            .. threads.Select(thread => new FollowedThread(
                thread.RootId,
                thread.Kind == RoomKind.Direct ? DirectPeople.NameOf([.. others![(thread.RoomId, userId)]]) : thread.Name,
                thread.Kind,
                messages[(thread.RoomId, thread.RootSequence, null)],
                messages[(thread.RoomId, thread.RootSequence, thread.LastReply)],
                thread.LastReply - thread.LastReadReply)),
        ];
    }

    /// <summary>The key of a reply for edits and deletions; 0, which no message has, when there is none.</summary>
    public async Task<long> FindSequenceAsync(int roomId, long root, long number, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await RepliesOf(db, roomId, root).Where(reply => reply.ReplyNumber == number).Select(reply => reply.Sequence).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<MessagePage> ReadAsync(
        ClaimsPrincipal reader, int roomId, long root, Func<IQueryable<Message>, IQueryable<Message>> choose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // A change between the two reads is then read twice, but never missed.
        var revision = await ReadRevisionAsync(db, reader, roomId, cancellationToken);
        var replies = await choose(RepliesOf(db, roomId, root)).Take(Conversation.PageSize).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        return new MessagePage(await MentionNames.AddAsync(db, replies, cancellationToken), revision);
    }

    private static IQueryable<Message> RepliesOf(ChatDbContext db, int roomId, long root) =>
        db.Messages.AsNoTracking().Where(message => message.RoomId == roomId && message.ThreadRoot == root);

    private static async Task<long> ReadRevisionAsync(ChatDbContext db, ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken) =>
        await RoomDirectory.Visible(db, reader.UserId)
            .Where(room => room.Id == roomId)
            .Select(room => (long?)room.LastRevision)
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw RoomDirectory.NotFound();
}
