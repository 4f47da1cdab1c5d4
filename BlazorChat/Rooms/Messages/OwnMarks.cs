using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <param name="Sequences">Keys of messages of the room.</param>
internal sealed record OwnMarksQuestion(int UserId, int RoomId, IReadOnlyList<long> Sequences);

/// <summary>What a person has added to a message.</summary>
internal readonly record struct OwnMark<TMark>(int UserId, long Sequence, TMark Mark);

/// <summary>
/// Finds what a person has added to messages that do not name all who did, as reactions and votes. Simultaneous requests, as after a change of such a
/// message, share their queries.
/// </summary>
internal abstract class OwnMarks<TMark>(IDbContextFactory<ChatDbContext> databases) : GroupCommit<OwnMarksQuestion, IReadOnlyList<OwnMark<TMark>>>
{
    /// <summary>The most messages of a request; more than a page shows.</summary>
    private const int MaxSequences = 500;

    /// <summary>The most messages in one query.</summary>
    private const int QuerySize = 256;

    /// <summary>What the person has added to these messages; nothing in a room that they may not read.</summary>
    public Task<IReadOnlyList<OwnMark<TMark>>> FindAsync(ClaimsPrincipal person, int roomId, IReadOnlyList<long> sequences, CancellationToken cancellationToken) =>
        WriteAsync(new OwnMarksQuestion(person.UserId, roomId, [.. sequences.Distinct().Take(MaxSequences)]), cancellationToken);

    /// <summary>Those of these people, in these messages of a room.</summary>
    protected abstract IQueryable<OwnMark<TMark>> Query(ChatDbContext db, int roomId, long[] sequences, int[] userIds);

    protected override async Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<OwnMarksQuestion> writes, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = new Dictionary<(int RoomId, int UserId), List<OwnMark<TMark>>>();
        foreach (var room in writes.GroupBy(question => question.RoomId))
        {
            var (roomId, readers) = (room.Key, new List<int>());
            foreach (var userId in room.Select(question => question.UserId).Distinct())
            {
                if (await RoomDirectory.Visible(db, userId).AnyAsync(visible => visible.Id == roomId, cancellationToken))
                    readers.Add(userId);
            }

            foreach (var sequences in room.SelectMany(question => question.Sequences).Distinct().Chunk(QuerySize))
            {
                foreach (var mark in await Query(db, roomId, sequences, [.. readers]).ToListAsync(cancellationToken))
                {
                    var key = (roomId, mark.UserId);
                    found[key] = found.GetValueOrDefault(key) ?? [];
                    found[key].Add(mark);
                }
            }
        }

        return
        [
            .. writes.Select(question => new Outcome(
                [.. found.GetValueOrDefault((question.RoomId, question.UserId), []).Where(mark => question.Sequences.Contains(mark.Sequence))])),
        ];
    }
}
