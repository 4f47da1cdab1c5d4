using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>A room in the transaction that changes its settings.</summary>
internal static class LockedRoom
{
    /// <summary>Locks a room with its next version, and reads it.</summary>
    /// <exception cref="RefusedException">There is no such room.</exception>
    public static async Task<Room> ReadAsync(ChatDbContext db, int roomId, CancellationToken cancellationToken)
    {
        // Writing the room first locks it, so that simultaneous changes get different versions.
        await db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(
            room => room.SetProperty(r => r.Version, r => r.Version + 1), cancellationToken);
        return await RoomDirectory.Existing(db, roomId).SingleOrDefaultAsync(cancellationToken) ?? throw RoomDirectory.NotFound();
    }

    public static Task<List<int>> ReadMembersAsync(ChatDbContext db, int roomId, CancellationToken cancellationToken) =>
        db.Memberships.Where(m => m.RoomId == roomId).Select(m => m.UserId).ToListAsync(cancellationToken);

    /// <summary>A room in the audit log, which admins read who may not know the names of private rooms.</summary>
    public static string AuditName(Room room) => room.Kind == RoomKind.Open ? room.Name : $"#{room.Id}";

    /// <exception cref="RefusedException">It is a default room.</exception>
    public static void CheckNotDefault(Room room)
    {
        if (room.IsDefault)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("DefaultRoom"));
    }
}
