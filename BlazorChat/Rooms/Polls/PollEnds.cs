using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Polls;

/// <summary>Ends polls whose time has come, so that their rooms learn it. Votes are refused from that time on, whenever this runs.</summary>
internal sealed class PollEnds(IDbContextFactory<ChatDbContext> databases, MessageWriter writer, TimeProvider time, ILogger<PollEnds> logger)
    : DueWork(new Signal(), time, logger)
{
    /// <summary>The most polls that one step ends.</summary>
    private const int BatchSize = 100;

    /// <summary>The most steps of one call; the next call continues.</summary>
    private const int MaxSteps = 100;

    /// <summary>This node has sent a poll that ends by itself.</summary>
    public void Notify() => Added.Set();

    protected override Task<DateTimeOffset?> DoDueAsync(CancellationToken cancellationToken) => EndDueAsync(cancellationToken);

    /// <summary>Ends the polls that are due.</summary>
    /// <returns>When the next one is; null for none.</returns>
    internal async Task<DateTimeOffset?> EndDueAsync(CancellationToken cancellationToken)
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            var now = Time.GetUtcNow().UtcDateTime;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var polls = await db.Polls.AsNoTracking()
                .Where(poll => poll.EndsAt != null && poll.EndedAt == null)
                .OrderBy(poll => poll.EndsAt)
                .Select(poll => new { poll.Message!.RoomId, poll.Message.Sequence, poll.EndsAt })
                .Take(BatchSize)
                .ToListAsync(cancellationToken);
            var due = polls.Where(poll => poll.EndsAt <= now).ToArray();
            // They are gathered into one transaction.
            await Task.WhenAll(due.Select(poll => writer.ApplyAsync(new PollEnd(poll.RoomId, poll.Sequence), cancellationToken)));
            if (due.Length < BatchSize)
                return polls.Find(poll => poll.EndsAt > now)?.EndsAt;
        }

        return Time.GetUtcNow();
    }
}
