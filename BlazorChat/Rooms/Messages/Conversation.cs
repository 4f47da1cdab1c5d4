using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Feeds;
using BlazorChat.Markup;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Members;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace BlazorChat.Rooms.Messages;

/// <summary>What is said in rooms: writing it and reading it. Every call is checked for its caller.</summary>
internal sealed class Conversation(
    IDbContextFactory<ChatDbContext> databases,
    MessageWriter writer,
    ReadMarks marks,
    CommandLimit commands,
    TypingLimit typing,
    FeedHost<MessageChanged> feeds,
    RoomAccess access,
    AdminRights rights,
    Authors authors,
    HybridCache cache,
    IChannelLayer layer)
{
    /// <summary>The most messages one read returns.</summary>
    public const int PageSize = 50;

    /// <summary>The most files of one message.</summary>
    public const int MaxAttachments = 10;

    private static readonly HybridCacheEntryOptions ThisNodeOnly = new() { Flags = HybridCacheEntryFlags.DisableDistributedCache };

    /// <inheritdoc cref="SendAsync(ClaimsPrincipal, int, Guid, string, IReadOnlyList{Guid}, CancellationToken)"/>
    public Task<MessageView> SendAsync(
        ClaimsPrincipal sender, int roomId, Guid clientMessageId, string markdown, CancellationToken cancellationToken) =>
        SendAsync(sender, roomId, clientMessageId, markdown, [], cancellationToken);

    /// <summary>
    /// Says something. The message is committed before this returns, and before anybody sees it.
    /// </summary>
    /// <param name="clientMessageId">Chosen by the sender, not all zeros; sending the same again with the same id returns the first message.</param>
    /// <param name="markdown">May be empty when something is attached.</param>
    /// <param name="attachments">What the sender has uploaded for this room and not sent yet, in order; at most <see cref="MaxAttachments"/>.</param>
    /// <exception cref="RefusedException">
    /// Empty, too long, no such room, not a member of it, an attachment that is not there, an id that another message has
    /// (<see cref="RefusalCode.Conflict"/>), or too many commands.
    /// </exception>
    public async Task<MessageView> SendAsync(
        ClaimsPrincipal sender,
        int roomId,
        Guid clientMessageId,
        string markdown,
        IReadOnlyList<Guid> attachments,
        CancellationToken cancellationToken)
    {
        commands.Take(sender);
        if (clientMessageId == Guid.Empty)
            throw new RefusedException(RefusalCode.Invalid, "The client message id is all zeros. Choose a new id for each message.");
        if (attachments.Count == 0 && string.IsNullOrWhiteSpace(markdown))
            throw MessageBatch.Blank();
        if (attachments.Count > MaxAttachments)
            throw new RefusedException(RefusalCode.Invalid, $"A message has at most {MaxAttachments} files.");
        Check(markdown);
        return await writer.ApplyAsync(
            new NewMessage(roomId, sender.UserId, clientMessageId, markdown, MarkdownHtml.Render(markdown), [.. attachments.Distinct()]),
            cancellationToken);
    }

    /// <summary>Replaces the text of one's own message; the same text again changes nothing.</summary>
    /// <exception cref="RefusedException">
    /// Empty without an attachment, too long, no such message or deleted, not its author, or no longer a member of the room.
    /// </exception>
    public async Task<MessageView> EditAsync(
        ClaimsPrincipal editor, int roomId, long sequence, string markdown, CancellationToken cancellationToken)
    {
        commands.Take(editor);
        Check(markdown);
        return await writer.ApplyAsync(
            new MessageEdit(roomId, editor.UserId, sequence, markdown, MarkdownHtml.Render(markdown)), cancellationToken);
    }

    /// <summary>Empties a message for good; its place in the room stays. Deleting twice is deleting once.</summary>
    /// <param name="person">The author, the room's owner or an admin, and a member of the room.</param>
    /// <exception cref="RefusedException">No such message, or none that this person may delete.</exception>
    public async Task<MessageView> DeleteAsync(ClaimsPrincipal person, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Take(person);
        var isAdmin = await rights.IsAdminAsync(person, cancellationToken);
        return await writer.ApplyAsync(new MessageDeletion(roomId, person.UserId, sequence, isAdmin), cancellationToken);
    }

    /// <summary>True for who may also delete what others wrote.</summary>
    public async ValueTask<bool> MayDeleteAllAsync(ClaimsPrincipal person, RoomView room, CancellationToken cancellationToken) =>
        room.Role == MembershipRole.Owner || (room.IsMember && await rights.IsAdminAsync(person, cancellationToken));

    /// <summary>Notes that a member has read a room up to a message; the mark only rises, at most to the newest one.</summary>
    /// <exception cref="RefusedException">No such room, or not a member of it.</exception>
    public async Task MarkReadAsync(ClaimsPrincipal reader, int roomId, long sequence, CancellationToken cancellationToken)
    {
        commands.Take(reader);
        await marks.RaiseAsync(new ReadMark(roomId, reader.UserId, sequence), cancellationToken);
    }

    /// <summary>
    /// Lets those who have the room open know that a member is typing: to be called again and again while they do. Nothing is
    /// kept, and a call within two and a half seconds of another does nothing.
    /// </summary>
    /// <exception cref="RefusedException">No such room, or not a member of it.</exception>
    public async Task TypingAsync(ClaimsPrincipal member, int roomId, CancellationToken cancellationToken)
    {
        commands.Take(member);
        var memberId = member.UserId;
        if (!typing.TryAcquire(memberId, roomId))
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var room = await db.Rooms
            .Where(r => r.Id == roomId)
            .Select(r => new { r.Kind, IsMember = db.Memberships.Any(m => m.RoomId == roomId && m.UserId == memberId) })
            .SingleOrDefaultAsync(cancellationToken);
        if (room is not { IsMember: true })
            throw RoomDirectory.NotMember(room?.Kind, "Join the room to write in it.");
        await layer.PublishAsync(RoomGroups.Typing(roomId), new RoomTyping(roomId, memberId, member.DisplayName), cancellationToken);
    }

    /// <summary>
    /// Everything that happens in a room after a revision, in order and without doubles, until the token is cancelled: see
    /// <see cref="FeedHost{TChange}.FollowAsync"/>. A revision beyond the room's newest, as after the database was restored from a
    /// backup, counts as the newest.
    /// </summary>
    /// <exception cref="RefusedException">There is no room that this person may read, or they may no longer.</exception>
    public async IAsyncEnumerable<FeedPage<MessageChanged>> FollowAsync(
        ClaimsPrincipal reader, int roomId, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var follow = access.Enter(reader.UserId, roomId);
        long newest;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            newest = await ReadRevisionAsync(db, reader, roomId, cancellationToken);
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

            yield return pages.Current;
        }
    }

    /// <summary>
    /// The newest messages, oldest first, with the revision up to which they are complete. Many who come at once, as after a
    /// restart, share one read.
    /// </summary>
    public async Task<MessagePage> ReadLatestAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var revision = await ReadRevisionAsync(db, reader, roomId, cancellationToken);
        var isRead = false;
        // The revision is part of the key, so what is found is never out of date; but for authors, who change by themselves.
        var page = await cache.GetOrCreateAsync(
            $"room/{roomId}/latest/{revision}",
            async token =>
            {
                isRead = true;
                return OldestFirst(await ReadAsync(roomId, revision, messages => messages.OrderByDescending(m => m.Sequence), token));
            },
            layer.State == LayerState.Degraded ? ThisNodeOnly : null,
            cancellationToken: cancellationToken);
        return isRead ? page : await WithAuthorsAsync(page, cancellationToken);
    }

    /// <summary>The messages just before <paramref name="sequence"/>, oldest first.</summary>
    public async Task<MessagePage> ReadBeforeAsync(
        ClaimsPrincipal reader, int roomId, long sequence, CancellationToken cancellationToken) =>
        OldestFirst(await ReadAsync(
            reader,
            roomId,
            messages => messages.Where(m => m.Sequence < sequence).OrderByDescending(m => m.Sequence),
            cancellationToken));

    /// <summary>The messages just after <paramref name="sequence"/>, oldest first.</summary>
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
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Read before the messages: a change that comes between is then read twice rather than missed.
        var revision = await ReadRevisionAsync(db, reader, roomId, cancellationToken);
        return await ReadAsync(roomId, revision, choose, cancellationToken);
    }

    private async Task<MessagePage> ReadAsync(
        int roomId, long revision, Func<IQueryable<Message>, IQueryable<Message>> choose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var messages = await choose(db.Messages.AsNoTracking().Where(m => m.RoomId == roomId))
            .Take(PageSize)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        return new MessagePage(messages, revision);
    }

    private async Task<MessagePage> WithAuthorsAsync(MessagePage page, CancellationToken cancellationToken)
    {
        if (page.Messages.Count == 0)
            return page;
        var now = await authors.ReadAsync([.. page.Messages.Select(message => message.AuthorId).Distinct()], cancellationToken);
        return page with { Messages = [.. page.Messages.Select(message => message.By(now))] };
    }

    private static MessagePage OldestFirst(MessagePage page) => page with { Messages = [.. page.Messages.Reverse()] };

    private static void Check(string markdown)
    {
        if (markdown.Length > Message.MaxLength)
            throw new RefusedException(RefusalCode.Invalid, $"A message has at most {Message.MaxLength:N0} characters; this one has {markdown.Length:N0}.");
        if (!PlainText.IsWellFormed(markdown))
            throw new RefusedException(RefusalCode.Invalid, "This message has characters that cannot be kept.");
    }

    private static async Task<long> ReadRevisionAsync(
        ChatDbContext db, ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken)
    {
        var readerId = reader.UserId;
        var revision = await db.Rooms
            .Where(room => room.Id == roomId)
            .Where(room => room.Kind == RoomKind.Open || db.Memberships.Any(m => m.RoomId == roomId && m.UserId == readerId))
            .Select(room => (long?)room.LastRevision)
            .SingleOrDefaultAsync(cancellationToken);
        return revision ?? throw RoomDirectory.NotFound();
    }
}
