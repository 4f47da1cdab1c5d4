using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Reports;

/// <summary>
/// Reports of messages. A person who may read a message reports it, which lets the admins read this one message, also where they are no members
/// (decision 0074). Commands that change nothing succeed, so they can be repeated.
/// </summary>
internal sealed class MessageReports(
    IDbContextFactory<ChatDbContext> databases, CommandLimit commands, MessageWriter writer, IChannelLayer layer, TimeProvider time)
{
    /// <summary>Messages on a page of the queue.</summary>
    public const int PageSize = 20;

    /// <summary>The most reports that are shown of one message.</summary>
    public const int MaxShown = 10;

    /// <summary>The most reports of one person that wait.</summary>
    public const int MaxWaiting = 50;

    /// <summary>Reports a message or reply. A second report of the same person replaces the reason and the note of the first one while it waits.</summary>
    /// <param name="sequence">The key of the message.</param>
    /// <param name="note">At most <see cref="MessageReport.MaxNoteLength"/> characters; empty for none.</param>
    /// <exception cref="RefusedException">
    /// There is no such message that the person may read; it is deleted or their own; the note is too long; <see cref="MaxWaiting"/> reports of
    /// them wait; or too many commands.
    /// </exception>
    public async Task ReportAsync(
        ClaimsPrincipal person, int roomId, long sequence, ReportReason reason, string note, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        note = note.Trim();
        if (!Enum.IsDefined(reason))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReportReasonUnknown"));
        if (note.Length > MessageReport.MaxNoteLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("ReportNoteTooLong", MessageReport.MaxNoteLength));
        var userId = person.UserId;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the person first locks them: two pages that report at once store one report.
                await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(user => user.SetProperty(u => u.DisplayName, u => u.DisplayName), token);
                if (!await RoomDirectory.Visible(db, userId).AnyAsync(room => room.Id == roomId, token))
                    throw RoomDirectory.NotFound();
                var message = await db.Messages
                    .Where(m => m.RoomId == roomId && m.Sequence == sequence && m.DeletedAt == null)
                    .Select(m => new { m.Id, m.AuthorId })
                    .SingleOrDefaultAsync(token)
                    ?? throw new RefusedException(RefusalCode.NotFound, RoomTexts.Get("MessageNotFound"));
                if (message.AuthorId == userId)
                    throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("ReportOwn"));
                await StoreAsync(db, userId, message.Id, reason, note, token);
                return true;
            },
            cancellationToken);
        await layer.PublishAsync(RoomGroups.Reports, new ReportsChanged(), CancellationToken.None);
    }

    /// <summary>How many messages wait for an admin; 0 for a user who is none.</summary>
    public async Task<int> CountAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.IsAdminAsync(admin, cancellationToken)
            ? await Waiting(db).Select(report => report.MessageId).Distinct().CountAsync(cancellationToken)
            : 0;
    }

    /// <summary>A page of the messages that wait, those first that were reported first. Only the last page has fewer than <see cref="PageSize"/>.</summary>
    /// <param name="after">The id of the last one of the previous page; 0 for the first page.</param>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task<IReadOnlyList<ReportedMessage>> ListAsync(ClaimsPrincipal admin, long after, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(admin, cancellationToken);
        var oldest = await Waiting(db)
            .Where(report => report.Id > after && !Waiting(db).Any(other => other.MessageId == report.MessageId && other.Id < report.Id))
            .OrderBy(report => report.Id)
            .Take(PageSize)
            .Select(report => new { report.Id, report.MessageId, report.ReportedAt, report.Message!.RoomId, report.Message.Sequence })
            .ToListAsync(cancellationToken);
        if (oldest.Count == 0)
            return [];

        var ids = oldest.Select(report => report.MessageId).ToArray();
        var messages = (await db.Messages.AsNoTracking().Where(message => ids.Contains(message.Id)).Select(MessageView.FromMessage).ToListAsync(cancellationToken))
            .ToDictionary(message => (message.RoomId, message.Sequence));
        var userId = admin.UserId;
        var roomIds = oldest.Select(report => report.RoomId).Distinct().ToArray();
        var rooms = await RoomDirectory.Visible(db, userId)
            .Where(room => roomIds.Contains(room.Id) && room.Kind != RoomKind.Direct)
            .ToDictionaryAsync(room => room.Id, room => room.Name, cancellationToken);
        var reports = await ReadReportsAsync(db, ids, cancellationToken);
        var shown = new List<ReportedMessage>(oldest.Count);
        foreach (var first in oldest)
        {
            // It may have been removed with its room between the reads.
            if (!messages.TryGetValue((first.RoomId, first.Sequence), out var message))
                continue;
            var (views, count) = reports[first.MessageId];
            var text = message.EditedAt > first.ReportedAt ? await ReadTextAsync(db, first.MessageId, first.ReportedAt, cancellationToken) : null;
            shown.Add(new ReportedMessage(first.Id, rooms.GetValueOrDefault(first.RoomId), message, text, views, count));
        }

        return shown;
    }

    /// <summary>Ends the reports of a message, which stays.</summary>
    /// <param name="id">That of <see cref="ReportedMessage"/>.</param>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public Task DismissAsync(ClaimsPrincipal admin, long id, CancellationToken cancellationToken) =>
        ResolveAsync(admin, id, ReportOutcome.Dismissed, AuditAction.ReportDismissed, cancellationToken);

    /// <summary>Deletes a reported message for everyone, in whatever room it is, and ends its reports.</summary>
    /// <param name="id">That of <see cref="ReportedMessage"/>.</param>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task RemoveMessageAsync(ClaimsPrincipal admin, long id, CancellationToken cancellationToken)
    {
        if (await FindAsync(admin, id, cancellationToken) is not { } message)
            return;
        // First the message: when the second step fails, the admin finds the report again.
        await writer.ApplyAsync(new ModeratorDeletion(message.RoomId, message.Sequence), cancellationToken);
        await ResolveAsync(admin, id, ReportOutcome.MessageRemoved, AuditAction.ReportedMessageRemoved, CancellationToken.None);
    }

    private static IQueryable<MessageReport> Waiting(ChatDbContext db) => db.MessageReports.Where(report => report.ResolvedAt == null);

    private async Task StoreAsync(
        ChatDbContext db, int userId, long messageId, ReportReason reason, string note, CancellationToken cancellationToken)
    {
        var known = await db.MessageReports.SingleOrDefaultAsync(report => report.MessageId == messageId && report.ReporterId == userId, cancellationToken);
        if (known is { ResolvedAt: null })
        {
            (known.Reason, known.Note) = (reason, note);
            return;
        }

        if (await Waiting(db).CountAsync(report => report.ReporterId == userId, cancellationToken) >= MaxWaiting)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManyReports", MaxWaiting));
        // The admins look again at a message that was reported again after their decision.
        if (known is not null)
            await db.MessageReports.Where(report => report.Id == known.Id).ExecuteDeleteAsync(cancellationToken);
        db.Add(new MessageReport { MessageId = messageId, ReporterId = userId, Reason = reason, Note = note, ReportedAt = time.GetUtcNow().UtcDateTime });
    }

    private async Task<(int RoomId, long Sequence)?> FindAsync(ClaimsPrincipal admin, long id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(admin, cancellationToken);
        var found = await Waiting(db)
            .Where(report => report.Id == id)
            .Select(report => new { report.Message!.RoomId, report.Message.Sequence })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.RoomId, found.Sequence);
    }

    private async Task ResolveAsync(ClaimsPrincipal admin, long id, ReportOutcome outcome, AuditAction action, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.CheckAdminAsync(admin, token);
                var resolved = await Waiting(db)
                    .Where(report => db.MessageReports.Any(first => first.Id == id && first.MessageId == report.MessageId))
                    .ExecuteUpdateAsync(report => report.SetProperty(r => r.ResolvedAt, now).SetProperty(r => r.Outcome, outcome), token);
                if (resolved == 0)
                    return false;
                var subject = await db.MessageReports
                    .Where(report => report.Id == id)
                    .Select(report => report.Message!.Author!.DisplayName)
                    .SingleAsync(token);
                await db.AuditAsync(admin, action, subject, now, token);
                return true;
            },
            cancellationToken);
        await layer.PublishAsync(RoomGroups.Reports, new ReportsChanged(), CancellationToken.None);
    }

    private static async Task<Dictionary<long, (IReadOnlyList<ReportView> Reports, int Count)>> ReadReportsAsync(
        ChatDbContext db, long[] messageIds, CancellationToken cancellationToken)
    {
        var counts = await Waiting(db)
            .Where(report => messageIds.Contains(report.MessageId))
            .GroupBy(report => report.MessageId)
            .Select(reports => new { MessageId = reports.Key, Count = reports.Count() })
            .ToListAsync(cancellationToken);
        var rows = await Waiting(db)
            .Where(report => messageIds.Contains(report.MessageId) && Waiting(db).Count(other => other.MessageId == report.MessageId && other.Id < report.Id) < MaxShown)
            .OrderBy(report => report.Id)
            .Select(report => new { report.MessageId, View = new ReportView(report.Reporter!.DisplayName, report.Reason, report.Note, report.ReportedAt) })
            .ToListAsync(cancellationToken);
        var views = rows.ToLookup(row => row.MessageId, row => row.View);
        return counts.ToDictionary(row => row.MessageId, row => ((IReadOnlyList<ReportView>)[.. views[row.MessageId]], row.Count));
    }

    /// <summary>The text of an edited message at a time; null if that was not stored.</summary>
    private static Task<string?> ReadTextAsync(ChatDbContext db, long messageId, DateTime at, CancellationToken cancellationToken) => db.MessageVersions
        .Where(version => version.MessageId == messageId && version.WrittenAt <= at)
        .OrderByDescending(version => version.Revision)
        .Select(version => (string?)version.Markdown)
        .FirstOrDefaultAsync(cancellationToken);
}
