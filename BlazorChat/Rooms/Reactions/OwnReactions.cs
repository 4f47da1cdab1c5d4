using BlazorChat.Data;
using BlazorChat.Rooms.Messages;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Reactions;

/// <summary>A person's reactions to messages that do not name all who reacted, by their emoji.</summary>
internal sealed class OwnReactions(IDbContextFactory<ChatDbContext> databases) : OwnMarks<string>(databases)
{
    protected override IQueryable<OwnMark<string>> Query(ChatDbContext db, int roomId, long[] sequences, int[] userIds) => db.Reactions
        .Where(reaction => reaction.RoomId == roomId && sequences.Contains(reaction.Sequence) && userIds.Contains(reaction.UserId))
        .Select(reaction => new OwnMark<string>(reaction.UserId, reaction.Sequence, reaction.Emoji));
}
