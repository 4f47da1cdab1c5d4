using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <summary>
/// Finds messages of a room by their time. Positions have no holes and times rise with them, so some positions of a range tell where a time is: no index
/// of times is written for each message.
/// </summary>
internal sealed class MessageDates(IDbContextFactory<ChatDbContext> databases, CommandLimit commands)
{
    /// <summary>Positions that one query compares. Four queries find a time among 16 million messages.</summary>
    private const int Steps = 64;

    /// <summary>The most queries, whatever the positions are like.</summary>
    private const int MaxQueries = 12;

    /// <summary>
    /// The first message that was sent at a time or later, also a deleted one; the newest message when there is none; null for a room without messages.
    /// Where the clocks of nodes differ, it may be a neighbour of it.
    /// </summary>
    /// <param name="at">UTC.</param>
    /// <exception cref="RefusedException">There is no room that this person may read, or too many commands.</exception>
    public async Task<long?> FindAsync(ClaimsPrincipal reader, int roomId, DateTime at, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        var userId = reader.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var last = await RoomDirectory.Visible(db, userId)
            .Where(room => room.Id == roomId)
            .Select(room => (long?)room.LastSequence)
            .SingleOrDefaultAsync(cancellationToken) ?? throw RoomDirectory.NotFound();
        if (last == 0)
            return null;
        // The message is after `before`, and at `found` at the latest.
        var (before, found) = (0L, last);
        for (var i = 0; i < MaxQueries && found - before > 1; i++)
        {
            var positions = Between(before, found);
            var times = await db.Messages
                .Where(message => message.RoomId == roomId && EF.Parameter(positions).Contains(message.Sequence))
                .OrderBy(message => message.Sequence)
                .Select(message => new { message.Sequence, message.SentAt })
                .ToListAsync(cancellationToken);
            var later = times.Find(message => message.SentAt >= at);
            before = times.LastOrDefault(message => message.SentAt < at && (later is null || message.Sequence < later.Sequence))?.Sequence ?? before;
            found = later?.Sequence ?? found;
        }

        return found;
    }

    /// <summary>Positions between two, at even distances; all of them when they are few.</summary>
    private static long[] Between(long before, long found)
    {
        var count = Math.Min(Steps, found - before - 1);
        return [.. Enumerable.Range(1, (int)count).Select(step => before + (found - before) * step / (count + 1))];
    }
}
