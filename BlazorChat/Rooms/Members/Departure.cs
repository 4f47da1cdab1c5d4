using BlazorChat.Data;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>What ends with a membership. Called in the transaction that removes it, which has locked the room.</summary>
internal static class Departure
{
    /// <summary>The person follows no thread of the room, also when they join again, and their devices withdraw its notifications.</summary>
    public static async Task EndAsync(ChatDbContext db, int roomId, int userId, DateTime now, CancellationToken cancellationToken)
    {
        await db.ThreadFollows.Where(follow => follow.UserId == userId && follow.Thread!.RoomId == roomId).ExecuteDeleteAsync(cancellationToken);
        await PushOutbox.LeaveAsync(db, roomId, userId, now, cancellationToken);
    }
}
