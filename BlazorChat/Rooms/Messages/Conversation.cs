using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Admission;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Feeds;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace BlazorChat.Rooms.Messages;

/// <summary>Writes, reads and follows the messages of rooms. Every call checks the rights of its caller.</summary>
internal sealed class Conversation(
    IDbContextFactory<ChatDbContext> databases,
    MessageWriter writer,
    ReadMarks marks,
    CommandLimit commands,
    FeedHost<MessageChanged> feeds,
    RoomAccess access,
    MemberChecks members,
    AdminRights rights,
    Authors authors,
    HybridCache cache,
    IChannelLayer layer,
    TimeProvider time)
{
    /// <summary>The most messages one read returns.</summary>
    public const int PageSize = 50;

    /// <summary>The most files of one message.</summary>
    public const int MaxAttachments = 10;

    // A little more often than a page reports typing.
    private readonly RateLimit<(int UserId, int RoomId)> _typing = new(time, burst: 1, perSecond: 0.4);

    /// <inheritdoc cref="SendAsync(ClaimsPrincipal, int, Guid, string, IReadOnlyList{Guid}, CancellationToken)"/>
    public Task<MessageView> SendAsync(
        ClaimsPrincipal sender, int roomId, Guid clientMessageId, string markdown, CancellationToken cancellationToken) =>
        SendAsync(sender, roomId, clientMessageId, markdown, [], cancellationToken);

    /// <summary>Sends a message. It is committed before it is published and before this returns.</summary>
    /// <param name="clientMessageId">An id that the sender chose, not all zeros. A repeated send with the same id returns the first message.</param>
    /// <param name="markdown">May be empty with attachments.</param>
    /// <param name="attachments">Uploads of the sender for this room that were not sent yet, in order; at most <see cref="MaxAttachments"/>.</param>
    /// <exception cref="RefusedException">
    /// The message is empty or too long; there is no such room, or the sender is not a member; the room is archived; an attachment does not exist;
    /// another message has the id (<see cref="RefusalCode.Conflict"/>); or too many commands.
    /// </exception>
    public Task<MessageView> SendAsync(
        ClaimsPrincipal sender,
        int roomId,
        Guid clientMessageId,
        string markdown,
        IReadOnlyList<Guid> attachments,
        CancellationToken cancellationToken) =>
        SendAsync(sender, roomId, clientMessageId, markdown, attachments, threadRoot: null, isInRoom: true, poll: null, cancellationToken);

    /// <summary>Sends a poll, whose question is the text.</summary>
    /// <inheritdoc cref="SendAsync(ClaimsPrincipal, int, Guid, string, IReadOnlyList{Guid}, CancellationToken)"/>
    public Task<MessageView> SendPollAsync(
        ClaimsPrincipal sender, int roomId, Guid clientMessageId, string markdown, NewPoll poll, CancellationToken cancellationToken) =>
        SendAsync(sender, roomId, clientMessageId, markdown, [], threadRoot: null, isInRoom: true, poll, cancellationToken);

    /// <summary>Replies to a message in its thread.</summary>
    /// <param name="threadRoot">The sequence of the message, which is no reply itself and is not deleted.</param>
    /// <param name="isInRoom">Whether the room shows the reply too.</param>
    /// <inheritdoc cref="SendAsync(ClaimsPrincipal, int, Guid, string, IReadOnlyList{Guid}, CancellationToken)"/>
    public Task<MessageView> ReplyAsync(
        ClaimsPrincipal sender,
        int roomId,
        long threadRoot,
        Guid clientMessageId,
        string markdown,
        IReadOnlyList<Guid> attachments,
        bool isInRoom,
        CancellationToken cancellationToken) =>
        SendAsync(sender, roomId, clientMessageId, markdown, attachments, threadRoot, isInRoom, poll: null, cancellationToken);

    private async Task<MessageView> SendAsync(
        ClaimsPrincipal sender,
        int roomId,
        Guid clientMessageId,
        string markdown,
        IReadOnlyList<Guid> attachments,
        long? threadRoot,
        bool isInRoom,
        NewPoll? poll,
        CancellationToken cancellationToken)
    {
        commands.Acquire(sender);
        CheckNew(clientMessageId, markdown, attachments.Count);
        return await writer.ApplyAsync(
            new NewMessage(roomId, sender.UserId, clientMessageId, markdown, ActionText.Render(markdown), [.. attachments.Distinct()])
            {
                ThreadRoot = threadRoot,
                IsInRoom = isInRoom,
                Poll = poll,
            },
            cancellationToken);
    }

    /// <summary>The HTML that a text would have as a message. A mention is the text that was typed; nothing is stored.</summary>
    /// <exception cref="RefusedException">The text is too long; or too many commands.</exception>
    public string Preview(ClaimsPrincipal writer, string markdown)
    {
        commands.Acquire(writer);
        Check(markdown);
        var html = MentionHtml.ReplaceMarks(ActionText.Render(markdown), text => text);
        return ActionText.Is(html) ? $"<strong>{WebUtility.HtmlEncode(writer.DisplayName)}</strong> {html}" : html;
    }

    /// <summary>Replaces the text of the editor's own message; the same text changes nothing.</summary>
    /// <exception cref="RefusedException">
    /// The text is too long, or empty without an attachment; there is no such message; the editor is not its author or no longer a member; or the
    /// room is archived.
    /// </exception>
    public async Task<MessageView> EditAsync(
        ClaimsPrincipal editor, int roomId, long sequence, string markdown, CancellationToken cancellationToken)
    {
        commands.Acquire(editor);
        Check(markdown);
        return await writer.ApplyAsync(
            new MessageEdit(roomId, editor.UserId, sequence, markdown, ActionText.Render(markdown)), cancellationToken);
    }

    /// <summary>Deletes the text and the files of a message; its row stays. A second call changes nothing.</summary>
    /// <param name="person">The author, the room's owner or an admin, and a member of the room; in a direct room only the author.</param>
    /// <exception cref="RefusedException">There is no such message, this person may not delete it, or the room is archived.</exception>
    public async Task<MessageView> DeleteAsync(ClaimsPrincipal person, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var isAdmin = await rights.IsAdminAsync(person, cancellationToken);
        return await writer.ApplyAsync(new MessageDeletion(roomId, person.UserId, sequence, isAdmin), cancellationToken);
    }

    /// <summary>Whether a person may also delete the messages of others; in a direct room nobody.</summary>
    public async ValueTask<bool> MayDeleteAllAsync(ClaimsPrincipal person, RoomView room, CancellationToken cancellationToken) =>
        room.Kind != RoomKind.Direct
        && (room.Role == MembershipRole.Owner || (room.IsMember && await rights.IsAdminAsync(person, cancellationToken)));

    /// <summary>Raises a member's read position, at most to the newest message. A mark of unread messages up to there is raised too.</summary>
    /// <exception cref="RefusedException">There is no such room, or the reader is not a member.</exception>
    public Task MarkReadAsync(ClaimsPrincipal reader, int roomId, long sequence, CancellationToken cancellationToken) =>
        MarkReadAsync(reader, roomId, sequence, mark: null, cancellationToken);

    /// <param name="mark">
    /// The newest mark of unread messages that the reader's page knew when it opened (<see cref="RoomView.UnreadMarks"/>): a newer one stays. Null
    /// raises every mark.
    /// </param>
    /// <inheritdoc cref="MarkReadAsync(ClaimsPrincipal, int, long, CancellationToken)"/>
    public async Task MarkReadAsync(ClaimsPrincipal reader, int roomId, long sequence, int? mark, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        await marks.ApplyAsync(new ReadMark(roomId, reader.UserId, sequence, mark), cancellationToken);
    }

    /// <summary>Marks a message and all after it as unread for a member, until they read on.</summary>
    /// <exception cref="RefusedException">There is no such room or message, or the reader is not a member.</exception>
    public async Task MarkUnreadAsync(ClaimsPrincipal reader, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        await marks.ApplyAsync(new UnreadMark(roomId, reader.UserId, sequence), cancellationToken);
    }

    /// <summary>
    /// Publishes to open pages of the room that a member is typing. A page calls it repeatedly while they type. It stores nothing; a call within
    /// two and a half seconds of another one does nothing.
    /// </summary>
    /// <exception cref="RefusedException">There is no such room, the person is not a member, or the room is archived.</exception>
    public async Task TypingAsync(ClaimsPrincipal member, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(member);
        var memberId = member.UserId;
        if (!_typing.TryAcquire((memberId, roomId)))
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var room = await db.Rooms
            .Where(r => r.Id == roomId)
            .Select(r => new { r.Kind, r.ArchivedAt, IsMember = db.Memberships.Any(m => m.RoomId == roomId && m.UserId == memberId) })
            .SingleOrDefaultAsync(cancellationToken);
        if (room is not { IsMember: true })
            throw RoomDirectory.NotMember(room?.Kind);
        if (room.ArchivedAt is not null)
            throw RoomDirectory.Archived();
        await layer.PublishAsync(RoomGroups.Typing(roomId), new RoomTyping(roomId, memberId, member.DisplayName), cancellationToken);
    }

    /// <summary>
    /// Returns the changes of a room after a revision, in order and without duplicates, until the token is cancelled: see
    /// <see cref="FeedHost{TChange}.FollowAsync"/>. A revision beyond the room's newest one, as after a restore of the database from a backup,
    /// counts as the newest.
    /// </summary>
    /// <exception cref="RefusedException">There is no room that this person may read, or they lost the right to it.</exception>
    public async IAsyncEnumerable<FeedPage<MessageChanged>> FollowAsync(
        ClaimsPrincipal reader, int roomId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follow = access.Register(reader.UserId, roomId);
        var newest = await ReadRevisionAsync(reader, roomId, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, follow.Ended);
        await using var pages = feeds.FollowAsync(roomId, Math.Min(afterRevision, newest), ending.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await pages.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException) when (follow.Ended.IsCancellationRequested)
            {
                throw RoomDirectory.NotFound();
            }

            if (follow.MustCheck(out var doubts))
            {
                var right = await members.FindAsync(reader, roomId, cancellationToken);
                if (!right.MayRead)
                    throw RoomDirectory.NotFound();
                if (right is { IsMember: true, IsOpen: true })
                    follow.Confirm(doubts);
            }

            yield return pages.Current;
        }
    }

    /// <summary>
    /// The newest messages, oldest first, with the revision up to which they are complete. Simultaneous requests, as after a restart, share one
    /// read.
    /// </summary>
    public async Task<MessagePage> ReadLatestAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        var revision = await ReadRevisionAsync(reader, roomId, cancellationToken);
        var isRead = false;
        // The revision is part of the key, so a cached page is current except for its authors.
        var page = await cache.GetOrCreateAsync(
            $"room/{roomId}/latest/{revision}",
            async token =>
            {
                isRead = true;
                var newest = OldestFirst(await ReadAsync(roomId, revision, messages => messages.OrderByDescending(m => m.Sequence), token));
                return newest with { Pins = await ReadPinsAsync(roomId, token) };
            },
            cancellationToken: cancellationToken);
        return isRead ? page : await WithAuthorsAsync(page, cancellationToken);
    }

    /// <summary>The messages before <paramref name="sequence"/>, oldest first.</summary>
    public async Task<MessagePage> ReadBeforeAsync(
        ClaimsPrincipal reader, int roomId, long sequence, CancellationToken cancellationToken) =>
        OldestFirst(await ReadAsync(
            reader,
            roomId,
            messages => messages.Where(m => m.Sequence < sequence).OrderByDescending(m => m.Sequence),
            cancellationToken));

    /// <summary>The messages after <paramref name="sequence"/>, oldest first.</summary>
    public Task<MessagePage> ReadAfterAsync(
        ClaimsPrincipal reader, int roomId, long sequence, CancellationToken cancellationToken) =>
        ReadAsync(
            reader, roomId, messages => messages.Where(m => m.Sequence > sequence).OrderBy(m => m.Sequence), cancellationToken);

    private async Task<MessagePage> ReadAsync(
        ClaimsPrincipal reader,
        int roomId,
        Func<IQueryable<Message>, IQueryable<Message>> choose,
        CancellationToken cancellationToken)
    {
        // A change between the two reads is then read twice, but never missed.
        var revision = await ReadRevisionAsync(reader, roomId, cancellationToken);
        return await ReadAsync(roomId, revision, choose, cancellationToken);
    }

    private async Task<MessagePage> ReadAsync(
        int roomId, long revision, Func<IQueryable<Message>, IQueryable<Message>> choose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Replies that only their threads show have negative keys.
        var messages = await choose(db.Messages.AsNoTracking().Where(m => m.RoomId == roomId && m.Sequence > 0))
            .Take(PageSize)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        return new MessagePage(await MentionNames.AddAsync(db, messages, cancellationToken), revision);
    }

    private async Task<IReadOnlyList<long>> ReadPinsAsync(int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Pins.Where(pin => pin.RoomId == roomId).Select(pin => pin.Message!.Sequence).ToListAsync(cancellationToken);
    }

    private async Task<MessagePage> WithAuthorsAsync(MessagePage page, CancellationToken cancellationToken)
    {
        if (page.Messages.Count == 0)
            return page;
        var current = await authors.ReadAsync([.. page.Messages.SelectMany(message => message.PersonIds).Distinct()], cancellationToken);
        return page with { Messages = [.. page.Messages.Select(message => message.By(current))] };
    }

    private static MessagePage OldestFirst(MessagePage page) => page with { Messages = [.. page.Messages.Reverse()] };

    /// <summary>What can be checked of a new message without the database.</summary>
    /// <exception cref="RefusedException">It has no id, is empty or too long, or has too many files.</exception>
    internal static void CheckNew(Guid clientMessageId, string markdown, int files)
    {
        if (clientMessageId == Guid.Empty)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("MessageIdMissing"));
        if (files == 0 && string.IsNullOrWhiteSpace(markdown))
            throw MessageBatch.Blank();
        if (files > MaxAttachments)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("TooManyFiles", MaxAttachments));
        Check(markdown);
    }

    private static void Check(string markdown)
    {
        if (markdown.Length > Message.MaxLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("MessageTooLong", Message.MaxLength, markdown.Length));
        if (!PlainText.IsWellFormed(markdown))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("MessageUnreadable"));
    }

    private async Task<long> ReadRevisionAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var revision = await RoomDirectory.Visible(db, reader.UserId)
            .Where(room => room.Id == roomId)
            .Select(room => (long?)room.LastRevision)
            .SingleOrDefaultAsync(cancellationToken);
        return revision ?? throw RoomDirectory.NotFound();
    }
}
