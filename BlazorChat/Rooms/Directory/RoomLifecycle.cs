using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Limits;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Archives, unarchives and deletes rooms. An owner of the room may do it, and an admin who sees it. Every command counts against
/// <see cref="CommandLimit"/>.
/// </summary>
internal sealed class RoomLifecycle(
    IDbContextFactory<ChatDbContext> databases,
    RoomDirectory rooms,
    RoomRemoval removal,
    PushOutbox outbox,
    CommandLimit commands,
    IChannelLayer layer,
    TimeProvider time)
{
    /// <summary>Archives a room, so that it can be read and nobody writes in it or joins it. A second call changes nothing.</summary>
    /// <exception cref="RefusedException">This person may not manage the room; it is a default room; or too many commands.</exception>
    public async Task ArchiveAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        var (changed, memberIds) = await SetArchivedAsync(user, roomId, isArchived: true, cancellationToken);
        outbox.NotifyDeliveries();
        await layer.PublishSettingsAsync(changed, wasOpen: changed.Kind == RoomKind.Open, memberIds);
    }

    /// <summary>Lets people write in an archived room again. It changes nothing for another room.</summary>
    /// <exception cref="RefusedException">This person may not manage the room, or too many commands.</exception>
    public async Task UnarchiveAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        var (changed, memberIds) = await SetArchivedAsync(user, roomId, isArchived: false, cancellationToken);
        await layer.PublishSettingsAsync(changed, wasOpen: changed.Kind == RoomKind.Open, memberIds);
        // The lists of members do not have the room: each reads it.
        foreach (var userId in memberIds)
            await layer.PublishMembershipAsync(roomId, userId, isMember: true);
    }

    /// <summary>
    /// Deletes a room. It disappears for everybody at once; <see cref="RoomRemoval"/> removes its messages and files afterwards.
    /// </summary>
    /// <exception cref="RefusedException">This person may not manage the room; it is a default room; or too many commands.</exception>
    public async Task DeleteAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        await rooms.GetManagedAsync(user, roomId, cancellationToken);
        var (deletion, wasOpen, memberIds, ended) = await databases.InTransactionAsync(
            async (db, token) =>
            {
                var room = await LockedRoom.ReadAsync(db, roomId, token);
                LockedRoom.CheckNotDefault(room);
                var wasOpen = room.Kind == RoomKind.Open;
                var name = LockedRoom.AuditName(room);
                var memberIds = await LockedRoom.ReadMembersAsync(db, roomId, token);
                // Nobody has a right to a private room without members, and its name can be used again.
                await db.Memberships.Where(m => m.RoomId == roomId).ExecuteDeleteAsync(token);
                var now = time.GetUtcNow().UtcDateTime;
                await PushOutbox.LeaveAsync(db, roomId, null, now, token);
                var ended = await EndedReminder.ReadAsync(db.Reminders.Where(reminder => reminder.Message!.RoomId == roomId), token);
                await EndedReminder.WithdrawAsync(db, ended, now, token);
                room.Kind = RoomKind.Private;
                await db.AuditAsync(user, AuditAction.RoomDeleted, name, now, token);
                db.Add(new RoomDeletion { RoomId = roomId, LeasedUntil = now });
                return (RoomChanged.Deletion(room), wasOpen, memberIds, ended);
            },
            cancellationToken);
        outbox.NotifyDeliveries();
        await layer.PublishDeletionAsync(deletion, wasOpen, memberIds);
        await EndedReminder.PublishAsync(layer, ended);
        removal.Request();
    }

    private Task<(RoomChanged Changed, List<int> MemberIds)> SetArchivedAsync(
        ClaimsPrincipal user, int roomId, bool isArchived, CancellationToken cancellationToken) =>
        databases.InTransactionAsync(
            async (db, token) =>
            {
                var room = await LockedRoom.ReadAsync(db, roomId, token);
                if (isArchived)
                    LockedRoom.CheckNotDefault(room);
                var now = time.GetUtcNow().UtcDateTime;
                if (room.ArchivedAt is not null != isArchived)
                    await db.AuditAsync(user, isArchived ? AuditAction.RoomArchived : AuditAction.RoomUnarchived, LockedRoom.AuditName(room), now, token);
                room.ArchivedAt = isArchived ? room.ArchivedAt ?? now : null;
                // Devices withdraw the notifications of a room that is in no drawer.
                if (isArchived)
                    await PushOutbox.LeaveAsync(db, roomId, null, now, token);
                return (RoomChanged.Of(room), await LockedRoom.ReadMembersAsync(db, roomId, token));
            },
            cancellationToken);
}
