using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Threads;

/// <summary>
/// Counts the unread replies of the threads that people follow. Those of muted and hidden rooms count nothing, like their messages. Simultaneous
/// requests share a query.
/// </summary>
internal sealed class ThreadCounts(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, long>
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 64;

    public Task<long> ReadAsync(ClaimsPrincipal person, CancellationToken cancellationToken) => ReadAsync(person.UserId, cancellationToken);

    public Task<long> ReadAsync(int userId, CancellationToken cancellationToken) => WriteAsync(userId, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new Dictionary<int, long>();
        foreach (var userIds in writes.Distinct().Chunk(BatchSize))
        {
            var unread =
                from follow in ThreadFollows.CountedOf(db, userIds)
                where follow.LastReadReply < follow.Thread!.LastReply
                join membership in db.Memberships on new { follow.Thread!.RoomId, follow.UserId } equals new { membership.RoomId, membership.UserId }
                let level = membership.Level
                    ?? (membership.Room!.Kind == RoomKind.Direct
                        ? RoomLevel.Everything
                        : db.NotificationSettings.Where(s => s.UserId == membership.UserId).Select(s => (RoomLevel?)s.RoomLevel).FirstOrDefault()
                            ?? RoomLevel.Mentions)
                where level != RoomLevel.Nothing
                where membership.HiddenAt == null || membership.UnreadFrom != null || membership.Room!.LastSequence > membership.HiddenAt
                select new { follow.UserId, Unread = follow.Thread!.LastReply - follow.LastReadReply };
            var people = await unread
                .GroupBy(thread => thread.UserId)
                .Select(person => new { UserId = person.Key, Unread = person.Sum(thread => thread.Unread) })
                .ToDictionaryAsync(person => person.UserId, person => person.Unread, cancellationToken);
            foreach (var userId in userIds)
                counts[userId] = people.GetValueOrDefault(userId);
        }

        return [.. writes.Select(userId => new Outcome(counts[userId]))];
    }
}
