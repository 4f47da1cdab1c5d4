using System.Data.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>
/// Computes the shapes of names and handles again that a migration has marked, because a newer version compares them differently. Of two names that
/// look the same now, both stay. Of two such handles, the older account keeps its handle, and the other one gets another by its name.
/// </summary>
internal static class StaleNames
{
    /// <summary>The beginning of a marked shape, before the id. No shape has capital letters.</summary>
    public const string Mark = "STALE";

    /// <summary>After the last marked shape, in the order of code units.</summary>
    private const string AfterMark = "STALF";

    private const int BatchSize = 200;

    /// <summary>How often a batch is repeated when another node computes it too.</summary>
    private const int MaxTries = 10;

    public static async Task UpdateAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        var tries = 0;
        // A database without marks is not written, so a node also starts with a full disk.
        while (await AnyAsync(db, cancellationToken))
        {
            try
            {
                await db.InTransactionAsync(token => UpdateBatchAsync(db, token), cancellationToken);
                tries = 0;
            }
            catch (DbException) when (++tries < MaxTries && !cancellationToken.IsCancellationRequested)
            {
                // The next batch omits what the other node has computed.
            }
        }
    }

    private static async Task<bool> AnyAsync(ChatDbContext db, CancellationToken cancellationToken) =>
        await db.Users.AnyAsync(user => user.NameShape.CompareTo(Mark) >= 0 && user.NameShape.CompareTo(AfterMark) < 0, cancellationToken)
        || await db.Users.AnyAsync(user => user.HandleShape.CompareTo(Mark) >= 0 && user.HandleShape.CompareTo(AfterMark) < 0, cancellationToken)
        || await db.Rooms.AnyAsync(room => room.NameShape.CompareTo(Mark) >= 0 && room.NameShape.CompareTo(AfterMark) < 0, cancellationToken);

    private static async Task<bool> UpdateBatchAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        await UpdateNamesAsync(db, cancellationToken);
        await UpdateHandlesAsync(db, cancellationToken);
        await UpdateRoomsAsync(db, cancellationToken);
        return true;
    }

    private static async Task UpdateNamesAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        var people = await db.Users
            .Where(user => user.NameShape.CompareTo(Mark) >= 0 && user.NameShape.CompareTo(AfterMark) < 0)
            .OrderBy(user => user.Id)
            .Select(user => new { user.Id, user.DisplayName })
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var person in people)
        {
            var shape = NameForms.Of(person.DisplayName).Shape;
            if (await db.Users.AnyAsync(user => user.Id != person.Id && user.NameShape == shape, cancellationToken))
                shape = Another(shape, person.Id);
            await db.Users.Where(user => user.Id == person.Id && user.DisplayName == person.DisplayName)
                .ExecuteUpdateAsync(user => user.SetProperty(u => u.NameShape, shape), cancellationToken);
        }
    }

    private static async Task UpdateHandlesAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        var people = await db.Users
            .Where(user => user.HandleShape.CompareTo(Mark) >= 0 && user.HandleShape.CompareTo(AfterMark) < 0)
            .OrderBy(user => user.Id)
            .Select(user => new { user.Id, user.Handle })
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var person in people)
        {
            var (handle, shape) = (person.Handle, NameForms.Of(person.Handle).Shape);
            // A handle that cannot be written whole in a message, or that looks like one of an older account, is replaced by HandleAssignment.
            if (HandleText.FindEnd(handle) < handle.Length
                || await db.Users.AnyAsync(user => user.Id != person.Id && user.HandleShape == shape, cancellationToken))
                handle = shape = HandleText.CreateUnassigned();
            await db.Users.Where(user => user.Id == person.Id && user.Handle == person.Handle)
                .ExecuteUpdateAsync(user => user.SetProperty(u => u.Handle, handle).SetProperty(u => u.HandleShape, shape), cancellationToken);
        }
    }

    private static async Task UpdateRoomsAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        var rooms = await db.Rooms
            .Where(room => room.NameShape.CompareTo(Mark) >= 0 && room.NameShape.CompareTo(AfterMark) < 0)
            .OrderBy(room => room.Id)
            .Select(room => new { room.Id, room.Name, room.Kind })
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var room in rooms)
        {
            var shape = NameForms.Of(room.Name).Shape;
            if (room.Kind == RoomKind.Open
                && await db.Rooms.AnyAsync(r => r.Id != room.Id && r.Kind == RoomKind.Open && r.NameShape == shape, cancellationToken))
                shape = Another(shape, room.Id);
            await db.Rooms.Where(r => r.Id == room.Id && r.Name == room.Name)
                .ExecuteUpdateAsync(r => r.SetProperty(x => x.NameShape, shape), cancellationToken);
        }
    }

    /// <summary>A shape that no name has, until one of the two is renamed.</summary>
    private static string Another(string shape, int id) => $"{shape[..Math.Min(shape.Length, NameForms.MaxLength - 16)]} NEXT{id}";
}
