using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>
/// What members choose for a room of theirs: its level, whether it is a favourite, and whether the drawer hides it. A change is published to all
/// pages of the person. Every command counts against <see cref="CommandLimit"/>.
/// </summary>
internal sealed class RoomPreferences(
    IDbContextFactory<ChatDbContext> databases, CommandLimit commands, PushOutbox outbox, IChannelLayer layer, TimeProvider time)
{
    /// <param name="level">Null for the default of the person and the kind of the room.</param>
    /// <exception cref="RefusedException">There is no such room, or the person is not a member; or too many commands.</exception>
    public Task SetLevelAsync(ClaimsPrincipal user, int roomId, RoomLevel? level, CancellationToken cancellationToken) =>
        ChangeAsync(user, roomId, membership => membership.Level = level, cancellationToken);

    /// <inheritdoc cref="SetLevelAsync"/>
    public Task SetFavouriteAsync(ClaimsPrincipal user, int roomId, bool isFavourite, CancellationToken cancellationToken) =>
        ChangeAsync(user, roomId, membership => membership.IsFavourite = isFavourite, cancellationToken);

    /// <summary>Hides the room in the drawer until its next message, and ends a mark of unread messages. Devices withdraw its notifications.</summary>
    /// <inheritdoc cref="SetLevelAsync"/>
    public Task HideAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) => ChangeAsync(
        user,
        roomId,
        membership =>
        {
            membership.HiddenAt = membership.Room!.LastSequence;
            membership.UnreadFrom = null;
        },
        cancellationToken);

    /// <summary>Shows a hidden room in the drawer again.</summary>
    /// <inheritdoc cref="SetLevelAsync"/>
    public Task ShowAsync(ClaimsPrincipal user, int roomId, CancellationToken cancellationToken) =>
        ChangeAsync(user, roomId, membership => membership.HiddenAt = null, cancellationToken);

    private async Task ChangeAsync(ClaimsPrincipal user, int roomId, Action<Membership> change, CancellationToken cancellationToken)
    {
        commands.Acquire(user);
        var userId = user.UserId;
        var (changed, endedMark) = await databases.InTransactionAsync(
            async (db, token) =>
            {
                // Writing the row first locks it, so that two simultaneous changes get different versions.
                await db.Memberships.Where(m => m.RoomId == roomId && m.UserId == userId).ExecuteUpdateAsync(
                    m => m.SetProperty(membership => membership.PreferencesVersion, membership => membership.PreferencesVersion + 1), token);
                var membership = await db.Memberships
                    .Include(m => m.Room)
                    .SingleOrDefaultAsync(m => m.RoomId == roomId && m.UserId == userId, token)
                    ?? throw await RefuseAsync(db, roomId, token);
                var (hadMark, hiddenBefore) = (membership.UnreadFrom is not null, membership.HiddenAt);
                change(membership);
                if (membership.HiddenAt is { } hiddenAt && hiddenAt != hiddenBefore)
                    await PushOutbox.LeaveAsync(db, roomId, userId, time.GetUtcNow().UtcDateTime, token);
                return (membership, hadMark && membership.UnreadFrom is null);
            },
            cancellationToken);
        if (changed.HiddenAt is not null)
            outbox.NotifyDeliveries();
        await layer.PublishAsync(RoomGroups.User(userId), RoomPreferencesChanged.Of(changed), CancellationToken.None);
        if (endedMark)
            await layer.PublishAsync(RoomGroups.User(userId), new RoomRead(roomId, changed.LastReadSequence, null, changed.UnreadMarks), CancellationToken.None);
    }

    private static async Task<RefusedException> RefuseAsync(ChatDbContext db, int roomId, CancellationToken cancellationToken)
    {
        var kind = await db.Rooms.Where(room => room.Id == roomId).Select(room => (RoomKind?)room.Kind).SingleOrDefaultAsync(cancellationToken);
        return RoomDirectory.NotMember(kind, RoomTexts.Get("MembersOnlyPreferences"));
    }
}
