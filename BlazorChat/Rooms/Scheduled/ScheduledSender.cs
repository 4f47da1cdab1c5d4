using System.Linq.Expressions;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Messages;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>
/// Sends scheduled messages. A node leases one before it sends it; nobody changes it from then on. When the node stops, another one sends it under the
/// same id after the lease, so it is sent once.
/// </summary>
internal sealed partial class ScheduledSender(
    IDbContextFactory<ChatDbContext> databases, MessageWriter writer, IChannelLayer layer, TimeProvider time, ILogger<ScheduledSender> logger)
{
    /// <summary>The most messages of one query.</summary>
    private const int PageSize = 50;

    /// <summary>The most pages of one call; the next call continues.</summary>
    private const int MaxPages = 100;

    internal const int MaxAttempts = 10;

    internal static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    private readonly OncePerMinute _failures = new(time);

    /// <summary>Set when a message was scheduled on this node, which may be due before the others.</summary>
    public Signal Scheduled { get; } = new();

    /// <summary>
    /// Sends all messages that are due, each by itself: one that fails is logged, and retried after its lease. One that is refused stays with the
    /// reason.
    /// </summary>
    /// <returns>When the next one is due; null when none is scheduled.</returns>
    public async Task<DateTimeOffset?> SendDueAsync(CancellationToken cancellationToken)
    {
        for (var page = 0; page < MaxPages; page++)
        {
            var now = time.GetUtcNow().UtcDateTime;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var due = await db.ScheduledMessages
                .Where(scheduled => scheduled.NextAttemptAt <= now && scheduled.State != ScheduleState.Removed)
                .OrderBy(scheduled => scheduled.NextAttemptAt)
                .ThenBy(scheduled => scheduled.ClientMessageId)
                .Take(PageSize)
                .Select(scheduled => new { scheduled.AuthorId, scheduled.ClientMessageId })
                .ToListAsync(cancellationToken);
            foreach (var key in due)
                await TrySendAsync(key.AuthorId, key.ClientMessageId, now, cancellationToken);
            if (due.Count < PageSize)
                break;
        }

        await using var last = await databases.CreateDbContextAsync(cancellationToken);
        return await last.ScheduledMessages.Where(scheduled => scheduled.State != ScheduleState.Removed).MinAsync(scheduled => scheduled.NextAttemptAt, cancellationToken);
    }

    /// <summary>Sends a message of a person now, also one that could not be sent before.</summary>
    /// <returns>Null when there is none that no node sends.</returns>
    /// <exception cref="RefusedException">The message was refused; it stays with the reason.</exception>
    public async Task<MessageView?> SendNowAsync(int authorId, Guid clientMessageId, CancellationToken cancellationToken) =>
        await LeaseAsync(authorId, clientMessageId, scheduled => scheduled.State != ScheduleState.Sending && scheduled.State != ScheduleState.Removed, cancellationToken) is { } leased
            ? await SendAsync(leased, cancellationToken)
            : null;

    private async Task TrySendAsync(int authorId, Guid clientMessageId, DateTime now, CancellationToken cancellationToken)
    {
        try
        {
            if (await LeaseAsync(authorId, clientMessageId, scheduled => scheduled.NextAttemptAt <= now && scheduled.State != ScheduleState.Removed, cancellationToken) is { } leased)
                await SendAsync(leased, cancellationToken);
        }
        catch (RefusedException)
        {
            // The author sees it in the list.
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !DiskFull.Is(exception))
        {
            if (_failures.TryCount(out var count))
                LogNotSent(logger, exception, clientMessageId, count);
        }
    }

    /// <summary>Leases a message; null when another node has it. The attempt counts before it begins, so one that stops its node counts too.</summary>
    private async Task<ScheduledMessage?> LeaseAsync(
        int authorId, Guid clientMessageId, Expression<Func<ScheduledMessage, bool>> isFree, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = db.ScheduledMessages.Where(scheduled => scheduled.AuthorId == authorId && scheduled.ClientMessageId == clientMessageId);
        var until = time.GetUtcNow().UtcDateTime + LeaseDuration;
        var leased = await row.Where(isFree).ExecuteUpdateAsync(
            scheduled => scheduled
                .SetProperty(s => s.State, ScheduleState.Sending)
                .SetProperty(s => s.NextAttemptAt, until)
                // One that has failed starts its count again when its author sends it.
                .SetProperty(s => s.Attempts, s => s.State >= ScheduleState.Failed ? 1 : s.Attempts + 1),
            cancellationToken);
        return leased == 0 ? null : await row.AsNoTracking().Include(scheduled => scheduled.Files).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<MessageView> SendAsync(ScheduledMessage scheduled, CancellationToken cancellationToken)
    {
        MessageView sent;
        // The last attempts stopped their nodes.
        if (scheduled.Attempts > MaxAttempts)
        {
            var failure = new RefusedException(RefusalCode.Conflict, RoomTexts.Get("ScheduledFailed"));
            await FailAsync(scheduled, refused: null, cancellationToken);
            throw failure;
        }

        try
        {
            await CheckAuthorAsync(scheduled, cancellationToken);
            sent = await writer.ApplyAsync(
                new NewMessage(
                    scheduled.RoomId,
                    scheduled.AuthorId,
                    scheduled.ClientMessageId,
                    scheduled.Markdown,
                    ActionText.Render(scheduled.Markdown),
                    [.. scheduled.Files.OrderBy(file => file.Position).Select(file => file.AttachmentId)])
                {
                    ThreadRoot = scheduled.ThreadRoot,
                    IsInRoom = scheduled.IsInRoom,
                    IsScheduled = true,
                },
                cancellationToken);
        }
        catch (RefusedException refused)
        {
            await FailAsync(scheduled, refused, cancellationToken);
            throw;
        }
        catch (Exception exception) when (scheduled.Attempts >= MaxAttempts && exception is not OperationCanceledException && !DiskFull.Is(exception))
        {
            await FailAsync(scheduled, refused: null, cancellationToken);
            throw;
        }

        // From here on a repetition finds the message that was sent.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await Of(db, scheduled).ExecuteDeleteAsync(cancellationToken);
        await ReadOwnAsync(db, sent, cancellationToken);
        await layer.PublishAsync(RoomGroups.User(scheduled.AuthorId), new ScheduledChanged(), CancellationToken.None);
        return sent;
    }

    private async Task CheckAuthorAsync(ScheduledMessage scheduled, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (!await db.Users.AnyAsync(user => user.Id == scheduled.AuthorId && user.BannedAt == null, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, RoomTexts.Get("ScheduledNoAccess"));
    }

    /// <summary>An author who had read everything has read their own message too. Who had not, has read nothing by it.</summary>
    private async Task ReadOwnAsync(ChatDbContext db, MessageView sent, CancellationToken cancellationToken)
    {
        if (!sent.IsInRoom)
            return;
        var (roomId, authorId, sequence) = (sent.RoomId, sent.AuthorId, sent.Sequence);
        var read = await db.Memberships
            .Where(member => member.RoomId == roomId && member.UserId == authorId && member.LastReadSequence == sequence - 1 && member.UnreadFrom == null)
            .ExecuteUpdateAsync(member => member.SetProperty(m => m.LastReadSequence, sequence), cancellationToken);
        if (read > 0)
            await layer.PublishAsync(RoomGroups.User(authorId), new RoomRead(roomId, sequence), CancellationToken.None);
    }

    private async Task FailAsync(ScheduledMessage scheduled, RefusedException? refused, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var state = refused is null ? ScheduleState.Failed : await ExplainAsync(db, scheduled, refused, cancellationToken);
        await Of(db, scheduled).ExecuteUpdateAsync(
            failed => failed.SetProperty(s => s.State, state).SetProperty(s => s.NextAttemptAt, (DateTime?)null), cancellationToken);
        await layer.PublishAsync(RoomGroups.User(scheduled.AuthorId), new ScheduledChanged(), CancellationToken.None);
    }

    private static async Task<ScheduleState> ExplainAsync(
        ChatDbContext db, ScheduledMessage scheduled, RefusedException refused, CancellationToken cancellationToken)
    {
        var (roomId, authorId) = (scheduled.RoomId, scheduled.AuthorId);
        if (refused.Code == RefusalCode.Archived)
            return ScheduleState.RoomArchived;
        if (!await db.Memberships.AnyAsync(
            member => member.RoomId == roomId && member.UserId == authorId && member.User!.BannedAt == null, cancellationToken))
        {
            return ScheduleState.NoAccess;
        }

        if (scheduled.ThreadRoot is { } root
            && !await db.Messages.AnyAsync(message => message.RoomId == roomId && message.Sequence == root && message.DeletedAt == null, cancellationToken))
        {
            return ScheduleState.ThreadGone;
        }

        return refused.Code == RefusalCode.NotFound ? ScheduleState.FileGone : ScheduleState.Failed;
    }

    private static IQueryable<ScheduledMessage> Of(ChatDbContext db, ScheduledMessage scheduled)
    {
        var (authorId, id) = (scheduled.AuthorId, scheduled.ClientMessageId);
        return db.ScheduledMessages.Where(s => s.AuthorId == authorId && s.ClientMessageId == id && s.State == ScheduleState.Sending);
    }

    [LoggerMessage(1, LogLevel.Warning, "Scheduled message {MessageId} could not be sent; it is retried. Failed attempts since the last such line: {Count}")]
    private static partial void LogNotSent(ILogger logger, Exception exception, Guid messageId, long count);
}
