using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Reminders;

/// <summary>
/// The reminders of people: of messages that they may read, and of texts of their own. Nobody else learns of them. A command that changes nothing
/// succeeds, so it can be repeated.
/// </summary>
internal sealed class MessageReminders(
    IDbContextFactory<ChatDbContext> databases, ReminderSchedule schedule, PushOutbox outbox, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most reminders of a person.</summary>
    public const int Max = 200;

    /// <summary>The most time until a reminder.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromDays(366);

    /// <summary>A time that was chosen may have passed a little when it arrives.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>Reminds a person of a message or reply. A message has one reminder, which gets the new time.</summary>
    /// <param name="sequence">The key of the message.</param>
    /// <param name="timeZone">The IANA name of the zone in which the time was chosen; null for UTC.</param>
    /// <exception cref="RefusedException">
    /// There is no such message that the person may read, or it is deleted; a time that has passed or is more than a year away; an unknown zone;
    /// <see cref="Max"/> other reminders; or too many commands.
    /// </exception>
    public Task RemindAsync(
        ClaimsPrincipal person, int roomId, long sequence, DateTimeOffset dueAt, string? timeZone, CancellationToken cancellationToken) =>
        SetAsync(
            person,
            dueAt,
            timeZone,
            async (db, userId, token) =>
            {
                if (!await RoomDirectory.Visible(db, userId).AnyAsync(room => room.Id == roomId, token))
                    throw RoomDirectory.NotFound();
                var message = await db.Messages
                    .Where(m => m.RoomId == roomId && m.Sequence == sequence && m.DeletedAt == null)
                    .Select(m => new { m.Id })
                    .SingleOrDefaultAsync(token)
                    ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
                var known = await ReadLockedAsync(db.Reminders.Where(reminder => reminder.UserId == userId && reminder.MessageId == message.Id), token);
                return known ?? new Reminder { UserId = userId, ClientId = Guid.NewGuid(), MessageId = message.Id, Text = "", TimeZone = "" };
            },
            cancellationToken);

    /// <summary>Reminds a person of a text. The same id again replaces the text and the time.</summary>
    /// <param name="clientId">Chosen by the person's client, not all zeros.</param>
    /// <exception cref="RefusedException">
    /// The text is empty or too long; or what <see cref="RemindAsync(ClaimsPrincipal, int, long, DateTimeOffset, string?, CancellationToken)"/> refuses.
    /// </exception>
    public Task RemindAsync(
        ClaimsPrincipal person, Guid clientId, string text, DateTimeOffset dueAt, string? timeZone, CancellationToken cancellationToken)
    {
        text = text.Trim();
        if (clientId == Guid.Empty)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("MessageIdMissing"));
        if (text.Length is 0 or > Reminder.MaxTextLength || !PlainText.IsWellFormed(text))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReminderTextInvalid", Reminder.MaxTextLength));
        return SetAsync(
            person,
            dueAt,
            timeZone,
            async (db, userId, token) =>
            {
                var known = await ReadLockedAsync(db.Reminders.Where(reminder => reminder.UserId == userId && reminder.ClientId == clientId), token)
                    ?? new Reminder { UserId = userId, ClientId = clientId, Text = text, TimeZone = "" };
                known.Text = text;
                return known;
            },
            cancellationToken);
    }

    /// <summary>Gives a reminder another time.</summary>
    /// <param name="id">That of <see cref="ReminderItem"/>.</param>
    /// <exception cref="RefusedException">There is none, or the time or the zone is refused; or too many commands.</exception>
    public Task SnoozeAsync(ClaimsPrincipal person, long id, DateTimeOffset dueAt, string? timeZone, CancellationToken cancellationToken) => SetAsync(
        person,
        dueAt,
        timeZone,
        async (db, userId, token) => await ReadLockedAsync(db.Reminders.Where(reminder => reminder.Id == id && reminder.UserId == userId), token)
            ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("ReminderNotFound")),
        cancellationToken);

    /// <summary>Removes a reminder, which is done or no longer wanted.</summary>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task EndAsync(ClaimsPrincipal person, long id, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var userId = person.UserId;
        var now = time.GetUtcNow().UtcDateTime;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Reminders.Where(reminder => reminder.Id == id && reminder.UserId == userId).ExecuteDeleteAsync(token);
                return await ReminderSchedule.WithdrawAsync(db, userId, id, now, token);
            },
            cancellationToken);
        outbox.NotifyDeliveries();
        await layer.PublishAsync(RoomGroups.User(userId), new ReminderChanged(id, IsDue: false), CancellationToken.None);
    }

    /// <summary>All reminders of a person of what they may read now, in the order of their times: first those that are due.</summary>
    public Task<IReadOnlyList<ReminderItem>> ListAsync(ClaimsPrincipal person, CancellationToken cancellationToken) => ReadAsync(person, id: null, cancellationToken);

    /// <summary>One of them; null for none.</summary>
    public async Task<ReminderItem?> FindAsync(ClaimsPrincipal person, long id, CancellationToken cancellationToken) =>
        (await ReadAsync(person, id, cancellationToken)).SingleOrDefault();

    /// <summary>The reminders whose people may read what they are of.</summary>
    internal static IQueryable<Reminder> Readable(ChatDbContext db) => db.Reminders.Where(reminder =>
        reminder.MessageId == null
        || (reminder.Message!.DeletedAt == null
            && db.Rooms.Any(room => room.Id == reminder.Message.RoomId
                && (room.Kind == RoomKind.Open || db.Memberships.Any(member => member.RoomId == room.Id && member.UserId == reminder.UserId)))));

    private async Task<IReadOnlyList<ReminderItem>> ReadAsync(ClaimsPrincipal person, long? id, CancellationToken cancellationToken)
    {
        var userId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await Readable(db).AsNoTracking()
            .Where(reminder => reminder.UserId == userId && (id == null || reminder.Id == id))
            .OrderByDescending(reminder => reminder.IsDue)
            .ThenBy(reminder => reminder.DueAt)
            .ThenBy(reminder => reminder.Id)
            .Select(reminder => new { Reminder = reminder, RoomId = (int?)reminder.Message!.RoomId })
            .Take(Max)
            .ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.Reminder.MessageId).OfType<long>().ToArray();
        var read = await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken);
        var keys = await db.Messages.Where(message => ids.Contains(message.Id)).Select(message => new { message.Id, message.RoomId, message.Sequence }).ToListAsync(cancellationToken);
        var messages = (await MentionNames.AddAsync(db, read, cancellationToken)).ToDictionary(message => (message.RoomId, message.Sequence));
        var byId = keys.Where(key => messages.ContainsKey((key.RoomId, key.Sequence))).ToDictionary(key => key.Id, key => messages[(key.RoomId, key.Sequence)]);
        var roomIds = rows.Select(row => row.RoomId).OfType<int>().Distinct().ToArray();
        var rooms = await db.Rooms.AsNoTracking().Where(room => roomIds.Contains(room.Id)).ToDictionaryAsync(room => room.Id, cancellationToken);
        var directIds = rooms.Values.Where(room => room.Kind == RoomKind.Direct).Select(room => room.Id).ToArray();
        var memberships = db.Memberships.AsNoTracking().Where(membership => membership.UserId == userId && directIds.Contains(membership.RoomId));
        var others = directIds.Length == 0 ? null : await DirectPeople.ReadOthersAsync(db, memberships, cancellationToken);
        return
        [
            .. from row in rows
               let reminder = row.Reminder
               let message = reminder.MessageId is { } messageId ? byId.GetValueOrDefault(messageId) : null
               // A message may have been deleted between the reads.
               where reminder.MessageId is null || message is { DeletedAt: null }
               let room = row.RoomId is { } roomId ? rooms.GetValueOrDefault(roomId) : null
               select new ReminderItem(reminder.Id, reminder.DueAt, reminder.TimeZone, reminder.IsDue, reminder.Version, reminder.Text)
               {
                   Message = message,
                   RoomName = room is { Kind: RoomKind.Direct } && others is not null ? DirectPeople.NameOf([.. others[(room.Id, userId)]]) : room?.Name,
                   RoomKind = room?.Kind,
               },
        ];
    }

    /// <summary>Writing the row first locks it, since it may become due at this moment: what is read then is what is replaced.</summary>
    private static async Task<Reminder?> ReadLockedAsync(IQueryable<Reminder> reminder, CancellationToken cancellationToken)
    {
        await reminder.ExecuteUpdateAsync(row => row.SetProperty(r => r.Version, r => r.Version), cancellationToken);
        return await reminder.SingleOrDefaultAsync(cancellationToken);
    }

    private async Task SetAsync(
        ClaimsPrincipal person,
        DateTimeOffset dueAt,
        string? timeZone,
        Func<ChatDbContext, int, CancellationToken, Task<Reminder>> find,
        CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var now = time.GetUtcNow();
        if (dueAt < now - Tolerance || dueAt > now + Latest)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReminderTimeInvalid"));
        var zone = string.IsNullOrEmpty(timeZone) ? TimeZoneInfo.Utc.Id : timeZone;
        if (zone.Length > Reminder.MaxTimeZoneLength || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("TimeZoneUnknown"));
        var userId = person.UserId;
        var id = await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the person first locks them: two pages that remind at once add a reminder once, and no more than the most.
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(user => user.SetProperty(u => u.DisplayName, u => u.DisplayName), token);
                var reminder = await find(db, userId, token);
                if (reminder.Id == 0)
                {
                    if (await db.Reminders.CountAsync(known => known.UserId == userId, token) >= Max)
                        throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManyReminders", Max));
                    db.Add(reminder);
                }
                else if (reminder.IsDue)
                {
                    await ReminderSchedule.WithdrawAsync(db, userId, reminder.Id, now.UtcDateTime, token);
                }

                (reminder.DueAt, reminder.TimeZone, reminder.IsDue, reminder.MailedAt) = (dueAt.UtcDateTime, zone, false, null);
                reminder.Version++;
                return reminder.Id;
            },
            cancellationToken);
        schedule.Notify();
        outbox.NotifyDeliveries();
        await layer.PublishAsync(RoomGroups.User(userId), new ReminderChanged(id, IsDue: false), CancellationToken.None);
    }
}
