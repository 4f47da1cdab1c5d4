using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>What ends with a membership. Called in the transaction that removes it, which has locked the room.</summary>
internal static class Departure
{
    /// <summary>The person follows no thread of the room, also when they join again, and their devices withdraw its notifications.</summary>
    /// <returns>Reminders of messages that they may no longer read, which are published after the commit.</returns>
    public static async Task<IReadOnlyList<EndedReminder>> EndAsync(ChatDbContext db, int roomId, int userId, DateTime now, CancellationToken cancellationToken)
    {
        await db.ThreadFollows.Where(follow => follow.UserId == userId && follow.Thread!.RoomId == roomId).ExecuteDeleteAsync(cancellationToken);
        await PushOutbox.LeaveAsync(db, roomId, userId, now, cancellationToken);
        if (await db.Rooms.AnyAsync(room => room.Id == roomId && room.Kind == RoomKind.Open, cancellationToken))
            return [];
        var ended = await EndedReminder.ReadAsync(
            db.Reminders.Where(reminder => reminder.UserId == userId && reminder.Message!.RoomId == roomId), cancellationToken);
        await EndedReminder.WithdrawAsync(db, ended, now, cancellationToken);
        return ended;
    }
}
