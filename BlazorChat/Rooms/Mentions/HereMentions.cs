using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Mentions;

/// <param name="Sequences">Messages of the room.</param>
internal sealed record HereQuestion(int UserId, int RoomId, IReadOnlyList<long> Sequences);

/// <summary>
/// Finds the messages in which <c>@here</c> mentions a person. Their texts are the same for all readers and do not reveal who was connected. Simultaneous
/// requests, as after such a message, share their queries.
/// </summary>
internal sealed class HereMentions(IDbContextFactory<ChatDbContext> databases) : GroupCommit<HereQuestion, IReadOnlyList<long>>
{
    /// <summary>The most messages of a request; more than a page shows.</summary>
    private const int MaxSequences = 500;

    /// <summary>The most messages in one query.</summary>
    private const int QuerySize = 256;

    /// <summary>Those of the messages that mention the person by <c>@here</c>; none for who is not a member of the room now.</summary>
    public Task<IReadOnlyList<long>> FindAsync(ClaimsPrincipal person, int roomId, IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        WriteAsync(new HereQuestion(person.UserId, roomId, [.. sequences.Take(MaxSequences)]), cancellationToken);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<HereQuestion> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        HashSet<(int RoomId, int UserId)> members = [];
        Dictionary<(int RoomId, long Sequence), IReadOnlyList<int>> mentioned = [];
        foreach (var room in writes.GroupBy(question => question.RoomId))
        {
            var (roomId, userIds) = (room.Key, room.Select(question => question.UserId).Distinct().ToArray());
            members.UnionWith((await db.Memberships
                    .Where(member => member.RoomId == roomId && userIds.Contains(member.UserId))
                    .Select(member => member.UserId)
                    .ToListAsync(cancellationToken))
                .Select(userId => (roomId, userId)));
            foreach (var sequences in room.SelectMany(question => question.Sequences).Distinct().Chunk(QuerySize))
            {
                var rows = await db.Mentions
                    .Where(mention => mention.RoomId == roomId && sequences.Contains(mention.Sequence) && mention.Kind == MentionKind.Here)
                    .Select(mention => new { mention.Sequence, mention.Here })
                    .ToListAsync(cancellationToken);
                rows.ForEach(row => mentioned[(roomId, row.Sequence)] = row.Here ?? []);
            }
        }

        return
        [
            .. writes.Select(question => new Outcome(
                members.Contains((question.RoomId, question.UserId))
                    ? [.. question.Sequences.Where(sequence => mentioned.GetValueOrDefault((question.RoomId, sequence), []).Contains(question.UserId))]
                    : [])),
        ];
    }
}
