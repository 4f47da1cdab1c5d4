using BlazorChat.Data;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Polls;

/// <summary>A person's votes in polls whose messages do not name all who voted, by the numbers of the options.</summary>
internal sealed class OwnVotes(IDbContextFactory<ChatDbContext> databases) : OwnMarks<int>(databases)
{
    protected override IQueryable<OwnMark<int>> Query(ChatDbContext db, int roomId, long[] sequences, int[] userIds) => db.PollVotes
        .Where(vote => vote.Option!.Poll!.Message!.RoomId == roomId && sequences.Contains(vote.Option.Poll.Message.Sequence) && userIds.Contains(vote.UserId))
        .Select(vote => new OwnMark<int>(vote.UserId, vote.Option!.Poll!.Message!.Sequence, vote.Number));
}
