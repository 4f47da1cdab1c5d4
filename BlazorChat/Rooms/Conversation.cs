using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Channels;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms;

/// <summary>What is said in rooms: sending it and reading it. Every call is checked for its caller.</summary>
internal sealed class Conversation(IDbContextFactory<ChatDbContext> databases, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most messages one read returns.</summary>
    public const int PageSize = 50;

    /// <summary>
    /// Says something. The message is committed before this returns, and before anybody sees it.
    /// </summary>
    /// <param name="clientMessageId">Chosen by the sender; sending again with the same id returns the first message.</param>
    /// <exception cref="RefusedException">Empty, too long, no such room, or not a member of it.</exception>
    public async Task<MessageView> SendAsync(
        ClaimsPrincipal sender, int roomId, Guid clientMessageId, string markdown, CancellationToken cancellationToken)
    {
        Check(markdown);
        var authorId = sender.UserId;
        var html = MessageHtml.Render(markdown);

        await using var strategySource = await databases.CreateDbContextAsync(cancellationToken);
        var (message, isNew) = await strategySource.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await using var db = await databases.CreateDbContextAsync(token);
            await using var transaction = await db.Database.BeginTransactionAsync(token);

            // Taking the room's next numbers first locks its row, so sends into one room stand in line here.
            await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(
                room => room
                    .SetProperty(r => r.LastSequence, r => r.LastSequence + 1)
                    .SetProperty(r => r.LastRevision, r => r.LastRevision + 1),
                token);

            var first = await db.Messages.AsNoTracking()
                .Where(m => m.AuthorId == authorId && m.ClientMessageId == clientMessageId)
                .Select(MessageView.FromMessage)
                .SingleOrDefaultAsync(token);
            if (first is not null)
                return (first, false);

            var place = await FindPlaceAsync(db, roomId, authorId, token);
            db.Add(new Message
            {
                RoomId = roomId,
                Sequence = place.Sequence,
                Revision = place.Revision,
                AuthorId = authorId,
                ClientMessageId = clientMessageId,
                Markdown = markdown,
                Html = html,
                SentAt = time.GetUtcNow().UtcDateTime,
            });
            await db.SaveChangesAsync(token);
            var view = await db.Messages.AsNoTracking()
                .Where(m => m.RoomId == roomId && m.Sequence == place.Sequence)
                .Select(MessageView.FromMessage)
                .SingleAsync(token);
            await transaction.CommitAsync(token);
            return (view, true);
        }, cancellationToken);

        if (isNew)
            await layer.PublishAsync(RoomGroups.Room(roomId), new MessageChanged(message), CancellationToken.None);
        return message;
    }

    /// <summary>The newest messages, oldest first, with the revision up to which they are complete.</summary>
    public async Task<MessagePage> ReadLatestAsync(ClaimsPrincipal reader, int roomId, CancellationToken cancellationToken) =>
        OldestFirst(await ReadAsync(reader, roomId, messages => messages.OrderByDescending(m => m.Sequence), cancellationToken));

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

    /// <summary>
    /// What changed after <paramref name="revision"/>, in the order of revisions: at most <see cref="PageSize"/> of it,
    /// so ask again from the last one until a page comes back short.
    /// </summary>
    public Task<MessagePage> ReadChangesAsync(
        ClaimsPrincipal reader, int roomId, long revision, CancellationToken cancellationToken) =>
        ReadAsync(
            reader, roomId, messages => messages.Where(m => m.Revision > revision).OrderBy(m => m.Revision), cancellationToken);

    private async Task<MessagePage> ReadAsync(
        ClaimsPrincipal reader,
        int roomId,
        Func<IQueryable<Message>, IQueryable<Message>> choose,
        CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Read before the messages: a change that comes between is then read twice rather than missed.
        var revision = await ReadRevisionAsync(db, reader, roomId, cancellationToken);
        var messages = await choose(db.Messages.AsNoTracking().Where(m => m.RoomId == roomId))
            .Take(PageSize)
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
        return new MessagePage(messages, revision);
    }

    private static MessagePage OldestFirst(MessagePage page) => page with { Messages = [.. page.Messages.Reverse()] };

    private static void Check(string markdown)
    {
        if (string.IsNullOrWhiteSpace(markdown))
            throw new RefusedException(RefusalCode.Invalid, "Write something first.");
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

    private static async Task<(long Sequence, long Revision)> FindPlaceAsync(
        ChatDbContext db, int roomId, int authorId, CancellationToken cancellationToken)
    {
        var place = await db.Rooms
            .Where(room => room.Id == roomId)
            .Select(room => new
            {
                room.Kind,
                room.LastSequence,
                room.LastRevision,
                IsMember = db.Memberships.Any(m => m.RoomId == roomId && m.UserId == authorId),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (place is null || (place.Kind != RoomKind.Open && !place.IsMember))
            throw RoomDirectory.NotFound();
        if (!place.IsMember)
            throw new RefusedException(RefusalCode.Forbidden, "Join the room to write in it.");
        return (place.LastSequence, place.LastRevision);
    }
}
