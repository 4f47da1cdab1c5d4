using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

internal static class RoomName
{
    /// <summary>The name as it is stored: see <see cref="NameText.Clean"/>.</summary>
    /// <exception cref="RefusedException">Empty, longer than <see cref="Room.MaxNameLength"/>, or with characters that are not shown.</exception>
    public static string Clean(string name)
    {
        if (string.IsNullOrWhiteSpace(name) && PlainText.IsOneLine(name))
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("NameMissing"));
        if (NameText.FindProblem(name) is { } problem)
            throw new RefusedException(RefusalCode.Invalid, problem);

        var clean = NameText.Clean(name);
        // A few characters become longer in the compatibility form that is compared.
        if (clean.Length > Room.MaxNameLength || Room.Normalize(clean).Length > Room.MaxNameLength)
            throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("NameTooLong", Room.MaxNameLength));
        return clean;
    }

    /// <summary>Compares names of open rooms only: a refusal must not reveal a private room.</summary>
    /// <exception cref="RefusedException">The room is open, and another open room has the same name or one that looks the same.</exception>
    public static async Task CheckAsync(ChatDbContext db, Room room, CancellationToken cancellationToken)
    {
        if (room.Kind != RoomKind.Open)
            return;
        var (id, key, shape) = (room.Id, room.NameKey, room.NameShape);
        if (await db.Rooms.AnyAsync(
            other => other.Kind == RoomKind.Open && other.Id != id && (other.NameKey == key || other.NameShape == shape), cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("NameTaken", room.Name));
    }

    /// <summary>Checks and saves a name. When another request has taken it, the unique index refuses the row and the second check finds the name.</summary>
    public static async Task<T> SaveAsync<T>(Func<Task<T>> save, CancellationToken cancellationToken)
    {
        try
        {
            return await save();
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            return await save();
        }
    }
}
