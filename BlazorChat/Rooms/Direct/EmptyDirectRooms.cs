using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Direct;

/// <summary>Removes once an hour, on every node, direct rooms in which nothing was written within a day.</summary>
internal sealed class EmptyDirectRooms(
    IDbContextFactory<ChatDbContext> databases, IChannelLayer layer, TimeProvider time, ILogger<EmptyDirectRooms> logger)
    : Sweep(TimeSpan.FromHours(1), time, logger)
{
    internal static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>The number of rooms that one query reads.</summary>
    private const int BatchSize = 100;

    internal override async Task SweepAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow().UtcDateTime - Retention;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rooms = db.Rooms.Where(room => room.Kind == RoomKind.Direct && room.LastSequence == 0 && room.CreatedAt < before);
        List<int> ids = [];
        do
        {
            var after = ids is [.., var last] ? last : 0;
            ids = await rooms.Where(room => room.Id > after).OrderBy(room => room.Id).Select(room => room.Id).Take(BatchSize).ToListAsync(cancellationToken);
            foreach (var id in ids)
                await RemoveAsync(db, rooms, id, cancellationToken);
        }
        while (ids.Count == BatchSize);
    }

    private async Task RemoveAsync(ChatDbContext db, IQueryable<Room> rooms, int id, CancellationToken cancellationToken)
    {
        var people = await db.Memberships.Where(m => m.RoomId == id).Select(m => m.UserId).ToListAsync(cancellationToken);
        // One statement: either the first message is written before, or its author has no room.
        if (await rooms.Where(room => room.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
            return;
        // A page may have the room open.
        foreach (var personId in people)
            await layer.PublishMembershipAsync(id, personId, isMember: false);
    }
}
