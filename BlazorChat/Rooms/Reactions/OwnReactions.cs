using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Reactions;

/// <param name="Sequences">Keys of messages of the room.</param>
internal sealed record OwnReactionsQuestion(int UserId, int RoomId, IReadOnlyList<long> Sequences);

/// <summary>A reaction of the person who asks.</summary>
internal readonly record struct OwnReaction(long Sequence, string Emoji);

/// <summary>
/// Finds a person's reactions to messages that do not name all who reacted. Simultaneous requests, as after a reaction to such a message, share their
/// queries.
/// </summary>
internal sealed class OwnReactions(IDbContextFactory<ChatDbContext> databases) : GroupCommit<OwnReactionsQuestion, IReadOnlyList<OwnReaction>>
{
    /// <summary>The most messages of a request; more than a page shows.</summary>
    private const int MaxSequences = 500;

    /// <summary>The most messages in one query.</summary>
    private const int QuerySize = 256;

    /// <summary>The person's reactions to these messages; none in a room that they may not read.</summary>
    public Task<IReadOnlyList<OwnReaction>> FindAsync(ClaimsPrincipal person, int roomId, IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        WriteAsync(new OwnReactionsQuestion(person.UserId, roomId, [.. sequences.Distinct().Take(MaxSequences)]), cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<OwnReactionsQuestion> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = new Dictionary<(int RoomId, int UserId), List<OwnReaction>>();
        foreach (var room in writes.GroupBy(question => question.RoomId))
        {
            var (roomId, readers) = (room.Key, new List<int>());
            foreach (var userId in room.Select(question => question.UserId).Distinct())
            {
                if (await RoomDirectory.Visible(db, userId).AnyAsync(visible => visible.Id == roomId, cancellationToken))
                    readers.Add(userId);
            }

            var userIds = readers.ToArray();
            foreach (var sequences in room.SelectMany(question => question.Sequences).Distinct().Chunk(QuerySize))
            {
                var rows = await db.Reactions.AsNoTracking()
                    .Where(reaction => reaction.RoomId == roomId && sequences.Contains(reaction.Sequence) && userIds.Contains(reaction.UserId))
                    .Select(reaction => new { reaction.Sequence, reaction.UserId, reaction.Emoji })
                    .ToListAsync(cancellationToken);
                foreach (var row in rows)
                {
                    var key = (roomId, row.UserId);
                    found[key] = found.GetValueOrDefault(key) ?? [];
                    found[key].Add(new OwnReaction(row.Sequence, row.Emoji));
                }
            }
        }

        return
        [
            .. writes.Select(question => new Outcome(
                [.. found.GetValueOrDefault((question.RoomId, question.UserId), []).Where(reaction => question.Sequences.Contains(reaction.Sequence))])),
        ];
    }
}
