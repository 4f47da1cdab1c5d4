using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>Counts the scheduled messages of people, also those that could not be sent. Simultaneous requests share a query.</summary>
internal sealed class ScheduledCounts(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, int>
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 64;

    public Task<int> ReadAsync(ClaimsPrincipal person, CancellationToken cancellationToken) => WriteAsync(person.UserId, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new Dictionary<int, int>();
        foreach (var userIds in writes.Distinct().Chunk(BatchSize))
        {
            var people = await db.ScheduledMessages
                .Where(scheduled => userIds.Contains(scheduled.AuthorId) && scheduled.State != ScheduleState.Removed)
                .GroupBy(scheduled => scheduled.AuthorId)
                .Select(person => new { UserId = person.Key, Count = person.Count() })
                .ToListAsync(cancellationToken);
            foreach (var person in people)
                counts[person.UserId] = person.Count;
        }

        return [.. writes.Select(userId => new Outcome(counts.GetValueOrDefault(userId)))];
    }
}
