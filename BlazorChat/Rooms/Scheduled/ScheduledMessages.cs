using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>
/// The messages that people have scheduled for later. Only their author knows of them. Repeating a command changes nothing. The right to write is
/// checked when a message is scheduled, and again by <see cref="ScheduledSender"/> when it is sent.
/// </summary>
internal sealed class ScheduledMessages(
    IDbContextFactory<ChatDbContext> databases, ScheduledSender sender, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most scheduled messages of a person.</summary>
    public const int Max = 100;

    /// <summary>The most ids of removed messages that are remembered of a person; the oldest are forgotten first.</summary>
    public const int MaxRemoved = 100;

    /// <summary>The least time until a message is sent.</summary>
    public static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1);

    /// <summary>The most time until a message is sent.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromDays(366);

    /// <summary>A time that was a minute away when it was chosen may be a little nearer when it arrives.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    /// <summary>Schedules a message; one of the author's that has the same id is replaced.</summary>
    /// <exception cref="RefusedException">
    /// What <see cref="Conversation.SendAsync(ClaimsPrincipal, int, Guid, string, IReadOnlyList{Guid}, CancellationToken)"/> refuses; a time that is not
    /// between <see cref="Soonest"/> and <see cref="Latest"/> from now; an unknown zone; <see cref="Max"/> other scheduled messages; or one with the id
    /// that is being sent, was sent, or was removed (<see cref="RefusalCode.Conflict"/>).
    /// </exception>
    public async Task ScheduleAsync(ClaimsPrincipal author, NewScheduled message, CancellationToken cancellationToken)
    {
        commands.Acquire(author);
        message = message with { Attachments = [.. message.Attachments.Distinct()] };
        Conversation.CheckNew(message.ClientMessageId, message.Markdown, message.Attachments.Count);
        CheckTime(message.DueAt);
        var zone = CheckZone(message.TimeZone);
        var userId = author.UserId;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the person first locks them: two pages that schedule at once have no more than the most.
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(user => user.SetProperty(u => u.DisplayName, u => u.DisplayName), token);
                await CheckTargetAsync(db, userId, message, token);
                if (await db.Messages.AnyAsync(sent => sent.AuthorId == userId && sent.ClientMessageId == message.ClientMessageId, token))
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("ScheduledSent"));
                await CheckFilesAsync(db, userId, message, token);
                var row = await db.ScheduledMessages.Include(scheduled => scheduled.Files)
                    .SingleOrDefaultAsync(scheduled => scheduled.AuthorId == userId && scheduled.ClientMessageId == message.ClientMessageId, token);
                if (row is { State: ScheduleState.Sending })
                    throw BeingSent();
                // A call that arrives late does not bring back what its author has removed.
                if (row is { State: ScheduleState.Removed })
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("ScheduledRemoved"));
                if (row is null)
                {
                    if (await OwnOf(db, userId).CountAsync(token) >= Max)
                        throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManyScheduled", Max));
                    row = new ScheduledMessage { AuthorId = userId, ClientMessageId = message.ClientMessageId, Markdown = "", TimeZone = "" };
                    db.Add(row);
                }

                (row.RoomId, row.ThreadRoot, row.IsInRoom) = (message.RoomId, message.ThreadRoot, message.IsInRoom);
                row.Markdown = message.Markdown;
                (row.DueAt, row.TimeZone, row.NextAttemptAt) = (message.DueAt.UtcDateTime, zone, message.DueAt.UtcDateTime);
                (row.State, row.Attempts) = (ScheduleState.Waiting, 0);
                row.Files.RemoveAll(file => !message.Attachments.Contains(file.AttachmentId));
                foreach (var (position, id) in message.Attachments.Index())
                {
                    if (row.Files.Find(file => file.AttachmentId == id) is { } known)
                        known.Position = position;
                    else
                        row.Files.Add(new ScheduledFile { AttachmentId = id, Position = position });
                }

                return true;
            },
            cancellationToken);
        await NotifyAsync(userId);
    }

    /// <summary>Changes the text or the time of a scheduled message. One that could not be sent waits again when it has another time.</summary>
    /// <param name="markdown">Null for the same text.</param>
    /// <param name="dueAt">Null for the same time.</param>
    /// <param name="timeZone">The IANA name of the zone in which the time was chosen; null for the same zone.</param>
    /// <exception cref="RefusedException">There is none, it is being sent, or the text or the time is refused.</exception>
    public async Task ChangeAsync(
        ClaimsPrincipal author, Guid id, string? markdown, DateTimeOffset? dueAt, string? timeZone, CancellationToken cancellationToken)
    {
        commands.Acquire(author);
        if (dueAt is { } changed)
            CheckTime(changed);
        var zone = timeZone is null ? null : CheckZone(timeZone);
        var userId = author.UserId;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                // It is locked before it is read, since a node may lease it.
                var held = await OwnOf(db, userId)
                    .Where(scheduled => scheduled.ClientMessageId == id)
                    .ExecuteUpdateAsync(scheduled => scheduled.SetProperty(s => s.DueAt, s => s.DueAt), token);
                if (held == 0)
                    throw NotFound();
                var row = await db.ScheduledMessages.SingleAsync(scheduled => scheduled.AuthorId == userId && scheduled.ClientMessageId == id, token);
                if (row.State == ScheduleState.Sending)
                    throw BeingSent();
                var files = await db.ScheduledFiles.CountAsync(file => file.AuthorId == userId && file.ClientMessageId == id, token);
                Conversation.CheckNew(id, markdown ?? row.Markdown, files);
                var due = dueAt?.UtcDateTime ?? row.DueAt;
                row.Markdown = markdown ?? row.Markdown;
                if (row.State >= ScheduleState.Failed && dueAt is null)
                    return true;
                (row.DueAt, row.NextAttemptAt, row.TimeZone) = (due, due, zone ?? row.TimeZone);
                (row.State, row.Attempts) = (ScheduleState.Waiting, 0);
                return true;
            },
            cancellationToken);
        await NotifyAsync(userId);
    }

    /// <summary>
    /// Removes a scheduled message; removing it again changes nothing. Its id is remembered, also when the call that schedules it has not arrived yet.
    /// </summary>
    /// <exception cref="RefusedException">It is being sent; or too many commands.</exception>
    public async Task CancelAsync(ClaimsPrincipal author, Guid id, CancellationToken cancellationToken)
    {
        commands.Acquire(author);
        var (userId, now) = (author.UserId, time.GetUtcNow().UtcDateTime);
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(user => user.SetProperty(u => u.DisplayName, u => u.DisplayName), token);
                var own = db.ScheduledMessages.Where(scheduled => scheduled.AuthorId == userId && scheduled.ClientMessageId == id);
                if (await own.Where(scheduled => scheduled.State != ScheduleState.Sending).ExecuteDeleteAsync(token) == 0 && await own.AnyAsync(token))
                    throw BeingSent();
                var removed = db.ScheduledMessages.Where(scheduled => scheduled.AuthorId == userId && scheduled.State == ScheduleState.Removed);
                var kept = await removed.OrderByDescending(scheduled => scheduled.DueAt).Select(scheduled => scheduled.ClientMessageId).Take(MaxRemoved - 1).ToListAsync(token);
                await removed.Where(scheduled => !kept.Contains(scheduled.ClientMessageId)).ExecuteDeleteAsync(token);
                db.Add(new ScheduledMessage { AuthorId = userId, ClientMessageId = id, Markdown = "", TimeZone = "", DueAt = now, State = ScheduleState.Removed });
                return true;
            },
            cancellationToken);
        await NotifyAsync(userId);
    }

    /// <summary>
    /// Adds a message that was removed, as it was: one that had failed stays failed, and one whose time has passed meanwhile is sent. Whether it can be
    /// sent is asked then. Restoring it again changes nothing.
    /// </summary>
    /// <exception cref="RefusedException">It was sent; there are <see cref="Max"/> others; or too many commands.</exception>
    public async Task RestoreAsync(ClaimsPrincipal author, NewScheduled removed, CancellationToken cancellationToken)
    {
        commands.Acquire(author);
        Conversation.CheckNew(removed.ClientMessageId, removed.Markdown, removed.Attachments.Count);
        var (userId, id, zone) = (author.UserId, removed.ClientMessageId, CheckZone(removed.TimeZone));
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(user => user.SetProperty(u => u.DisplayName, u => u.DisplayName), token);
                if (await OwnOf(db, userId).AnyAsync(scheduled => scheduled.ClientMessageId == id, token))
                    return true;
                if (await db.Messages.AnyAsync(sent => sent.AuthorId == userId && sent.ClientMessageId == id, token))
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("ScheduledSent"));
                if (await OwnOf(db, userId).CountAsync(token) >= Max)
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManyScheduled", Max));
                await db.ScheduledMessages
                    .Where(scheduled => scheduled.AuthorId == userId && scheduled.ClientMessageId == id && scheduled.State == ScheduleState.Removed)
                    .ExecuteDeleteAsync(token);
                var files = await Free(db, userId, removed).Select(attachment => attachment.Id).ToListAsync(token);
                var hasFailed = removed.State >= ScheduleState.Failed;
                var state = hasFailed ? removed.State : files.Count < removed.Attachments.Count ? ScheduleState.FileGone : ScheduleState.Waiting;
                var row = new ScheduledMessage
                {
                    AuthorId = userId,
                    ClientMessageId = id,
                    RoomId = removed.RoomId,
                    ThreadRoot = removed.ThreadRoot,
                    IsInRoom = removed.IsInRoom,
                    Markdown = removed.Markdown,
                    DueAt = removed.DueAt.UtcDateTime,
                    TimeZone = zone,
                    State = state,
                    NextAttemptAt = state == ScheduleState.Waiting ? removed.DueAt.UtcDateTime : null,
                };
                row.Files.AddRange(removed.Attachments.Where(files.Contains).Select((file, position) => new ScheduledFile { AttachmentId = file, Position = position }));
                db.Add(row);
                return true;
            },
            cancellationToken);
        await NotifyAsync(userId);
    }

    /// <summary>Sends a scheduled message now. One that was sent already is returned.</summary>
    /// <exception cref="RefusedException">There is none; it is being sent; or it was refused, and stays with the reason.</exception>
    public async Task<MessageView> SendNowAsync(ClaimsPrincipal author, Guid id, CancellationToken cancellationToken)
    {
        commands.Acquire(author);
        var userId = author.UserId;
        if (await sender.SendNowAsync(userId, id, cancellationToken) is { } sent)
            return sent;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await OwnOf(db, userId).AnyAsync(scheduled => scheduled.ClientMessageId == id, cancellationToken))
            throw BeingSent();
        return await db.Messages.AsNoTracking()
            .Where(message => message.AuthorId == userId && message.ClientMessageId == id)
            .Select(MessageView.FromMessage)
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw NotFound();
    }

    /// <summary>All scheduled messages of a person, in the order of their times.</summary>
    /// <param name="roomId">The only room whose messages are listed; null for all.</param>
    public async Task<IReadOnlyList<ScheduledItem>> ListAsync(ClaimsPrincipal author, int? roomId, CancellationToken cancellationToken)
    {
        var userId = author.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from scheduled in OwnOf(db, userId).AsNoTracking()
            where roomId == null || scheduled.RoomId == roomId
            from room in RoomDirectory.Visible(db, userId).Where(room => room.Id == scheduled.RoomId).DefaultIfEmpty()
            orderby scheduled.DueAt, scheduled.ClientMessageId
            select new { Row = scheduled, room!.Name, Kind = (RoomKind?)room.Kind })
            .Take(Max)
            .ToListAsync(cancellationToken);
        var files = (await db.ScheduledFiles
            .Where(file => file.AuthorId == userId)
            .OrderBy(file => file.Position)
            .Select(file => new { file.ClientMessageId, file.Attachment!.Name })
            .ToListAsync(cancellationToken))
            .ToLookup(file => file.ClientMessageId, file => file.Name);
        var directIds = rows.Where(row => row.Kind == RoomKind.Direct).Select(row => row.Row.RoomId).Distinct().ToArray();
        var memberships = db.Memberships.AsNoTracking().Where(membership => membership.UserId == userId && directIds.Contains(membership.RoomId));
        var others = directIds.Length == 0 ? null : await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        return
        [
            .. from row in rows
               let scheduled = row.Row
               let name = row.Kind == RoomKind.Direct && others is not null ? DirectPeople.NameOf([.. others[(scheduled.RoomId, userId)]]) : row.Name
               select new ScheduledItem(
                   scheduled.ClientMessageId, scheduled.RoomId, name, row.Kind, scheduled.ThreadRoot, scheduled.IsInRoom, scheduled.Markdown,
                   scheduled.DueAt, scheduled.TimeZone, scheduled.State, [.. files[scheduled.ClientMessageId]]),
        ];
    }

    /// <summary>All of a scheduled message, which can be scheduled again after it was removed; null for none.</summary>
    public async Task<NewScheduled?> FindAsync(ClaimsPrincipal author, Guid id, CancellationToken cancellationToken)
    {
        var userId = author.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await OwnOf(db, userId).AsNoTracking().Include(scheduled => scheduled.Files)
            .SingleOrDefaultAsync(scheduled => scheduled.ClientMessageId == id, cancellationToken);
        return row is null ? null : new NewScheduled(row.RoomId, id, row.Markdown, new DateTimeOffset(row.DueAt, TimeSpan.Zero))
        {
            Attachments = [.. row.Files.OrderBy(file => file.Position).Select(file => file.AttachmentId)],
            ThreadRoot = row.ThreadRoot,
            IsInRoom = row.IsInRoom,
            TimeZone = row.TimeZone,
            State = row.State,
        };
    }

    private static IQueryable<ScheduledMessage> OwnOf(ChatDbContext db, int userId) =>
        db.ScheduledMessages.Where(scheduled => scheduled.AuthorId == userId && scheduled.State != ScheduleState.Removed);

    private void CheckTime(DateTimeOffset dueAt)
    {
        var now = time.GetUtcNow();
        if (dueAt < now + Soonest - Tolerance || dueAt > now + Latest)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ScheduleTimeInvalid"));
    }

    private static string CheckZone(string? zone) => zone switch
    {
        null or "" => TimeZoneInfo.Utc.Id,
        { Length: <= ScheduledMessage.MaxTimeZoneLength } when TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) => zone,
        _ => throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("TimeZoneUnknown")),
    };

    private static async Task CheckTargetAsync(ChatDbContext db, int userId, NewScheduled message, CancellationToken cancellationToken)
    {
        var roomId = message.RoomId;
        var room = await db.Rooms
            .Where(r => r.Id == roomId)
            .Select(r => new { r.Kind, r.ArchivedAt, IsMember = db.Memberships.Any(m => m.RoomId == roomId && m.UserId == userId) })
            .SingleOrDefaultAsync(cancellationToken);
        if (room is not { IsMember: true })
            throw RoomDirectory.NotMember(room?.Kind);
        if (room.ArchivedAt is not null)
            throw RoomDirectory.Archived();
        if (message.ThreadRoot is not { } sequence)
            return;
        var root = await db.Messages
            .Where(m => m.RoomId == roomId && m.Sequence == sequence)
            .Select(m => new { m.ThreadRoot, m.DeletedAt })
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
        if (root.ThreadRoot is not null)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReplyToReply"));
        if (root.DeletedAt is not null)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("ReplyToDeleted"));
    }

    /// <summary>All files are unsent uploads of the author for the room, and of no other scheduled message.</summary>
    private static async Task CheckFilesAsync(ChatDbContext db, int userId, NewScheduled message, CancellationToken cancellationToken)
    {
        if (message.Attachments.Count == 0)
            return;
        if (await Free(db, userId, message).CountAsync(cancellationToken) < message.Attachments.Count)
            throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("FileMissing"));
    }

    private static IQueryable<Attachment> Free(ChatDbContext db, int userId, NewScheduled message)
    {
        var (ids, roomId, messageId) = (message.Attachments, message.RoomId, message.ClientMessageId);
        return db.Attachments.Where(attachment => ids.Contains(attachment.Id)
            && attachment.Owner == AttachmentOwner.Room
            && attachment.OwnerId == roomId
            && attachment.UploaderId == userId
            && attachment.MessageId == null
            && !db.ScheduledFiles.Any(file => file.AttachmentId == attachment.Id && file.ClientMessageId != messageId));
    }

    private async Task NotifyAsync(int userId)
    {
        sender.Scheduled.Set();
        await layer.PublishAsync(RoomGroups.User(userId), new ScheduledChanged(), CancellationToken.None);
    }

    private static RefusedException NotFound() => new(RefusalCode.NotFound, RoomTexts.Get("ScheduledNotFound"));

    private static RefusedException BeingSent() => new(RefusalCode.Conflict, RoomTexts.Get("ScheduledBeingSent"));
}
