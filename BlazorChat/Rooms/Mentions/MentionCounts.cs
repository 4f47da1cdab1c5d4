using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Mentions;

/// <summary>Counts the unread mentions of people. Simultaneous requests, as after a mention of all members of a room, share a query.</summary>
internal sealed class MentionCounts(IDbContextFactory<ChatDbContext> databases) : GroupCommit<int, IReadOnlyDictionary<int, int>>
{
    /// <summary>The most people in one query.</summary>
    private const int BatchSize = 64;

    /// <summary>
    /// The numbers of messages that mention the person and are unread, or marked as unread, by room; rooms without one are omitted. An author is not
    /// mentioned by their own message.
    /// </summary>
    public Task<IReadOnlyDictionary<int, int>> ReadAsync(ClaimsPrincipal person, CancellationToken cancellationToken) =>
        WriteAsync(person.UserId, cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<int> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var counts = new Dictionary<int, IReadOnlyDictionary<int, int>>();
        foreach (var userIds in writes.Distinct().Chunk(BatchSize))
        {
            var unread =
                from membership in db.Memberships
                where userIds.Contains(membership.UserId)
                join mention in db.Mentions on membership.RoomId equals mention.RoomId
                where mention.Sequence > membership.LastReadSequence || mention.Sequence >= membership.UnreadFrom
                where mention.UserId == membership.UserId
                    || (mention.UserId == null && (mention.Here == null || mention.Here.Contains(membership.UserId)))
                where !db.Messages.Any(message =>
                    message.RoomId == mention.RoomId && message.Sequence == mention.Sequence && message.AuthorId == membership.UserId)
                group mention.Sequence by new { membership.UserId, mention.RoomId } into room
                select new { room.Key.UserId, room.Key.RoomId, Count = room.Distinct().Count() };
            var rooms = (await unread.ToListAsync(cancellationToken)).ToLookup(room => room.UserId);
            foreach (var userId in userIds)
                counts[userId] = rooms[userId].ToDictionary(room => room.RoomId, room => room.Count);
        }

        return [.. writes.Select(userId => new Outcome(counts[userId]))];
    }
}
