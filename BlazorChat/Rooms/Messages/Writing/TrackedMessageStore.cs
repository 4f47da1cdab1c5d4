using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The store for a database on another machine: the context alone, with few round trips.</summary>
internal sealed class TrackedMessageStore(ChatDbContext db) : MessageStore(db)
{
    private Dictionary<int, Room> _rooms = [];
    private Dictionary<(int RoomId, int UserId), Membership> _memberships = [];

    public override Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken) => Db.Database.BeginTransactionAsync(cancellationToken);

    public override async Task<IReadOnlyList<RoomNumbers>> LockRoomsAsync(int[] roomIds, CancellationToken cancellationToken)
    {
        // Writing the rooms first locks them before their numbers are read. The order of the ids prevents deadlocks.
        foreach (var roomId in roomIds.Order())
        {
            await Db.Rooms.Where(room => room.Id == roomId).ExecuteUpdateAsync(
                room => room.SetProperty(r => r.LastRevision, r => r.LastRevision), cancellationToken);
        }

        _rooms = await Db.Rooms.Where(room => EF.Parameter(roomIds).Contains(room.Id)).ToDictionaryAsync(room => room.Id, cancellationToken);
        return
        [
            .. _rooms.Values.Select(room => new RoomNumbers(
                room.Id, room.Kind, room.ArchivedAt is not null, room.OnlyOwnersMentionRoom, room.LastSequence, room.LastRevision)),
        ];
    }

    public override async Task<IReadOnlyList<RoomMember>> ReadMembersAsync(
        IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken)
    {
        var roomIds = keys.Select(key => key.RoomId).Distinct().ToArray();
        var userIds = keys.Select(key => key.UserId).Distinct().ToArray();
        var members = await Db.Memberships
            .Where(membership => EF.Parameter(roomIds).Contains(membership.RoomId) && EF.Parameter(userIds).Contains(membership.UserId))
            .Select(membership => new { Membership = membership, membership.User!.DisplayName, membership.User.AvatarId, IsAdmin = membership.User.Roles.Any(), membership.User.Handle })
            .ToListAsync(cancellationToken);
        _memberships = members.ToDictionary(member => (member.Membership.RoomId, member.Membership.UserId), member => member.Membership);
        return
        [
            .. members.Select(member => new RoomMember(
                member.Membership.RoomId, member.Membership.UserId, member.Membership.Role, new MessageAuthor(member.DisplayName, member.AvatarId, member.IsAdmin, member.Handle))),
        ];
    }

    public override async Task<IReadOnlyList<MessageView>> ReadSentAsync(
        IReadOnlyCollection<(int AuthorId, Guid ClientMessageId)> keys, CancellationToken cancellationToken)
    {
        var authorIds = keys.Select(key => key.AuthorId).Distinct().ToArray();
        var ids = keys.Select(key => key.ClientMessageId).Distinct().ToArray();
        return await Db.Messages.AsNoTracking()
            .Where(message => EF.Parameter(authorIds).Contains(message.AuthorId) && EF.Parameter(ids).Contains(message.ClientMessageId))
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
    }

    public override async Task<IReadOnlyList<HandleOwner>> ReadHandlesAsync(
        IReadOnlyCollection<(int RoomId, string Handle)> keys, CancellationToken cancellationToken)
    {
        var roomIds = keys.Select(key => key.RoomId).Distinct().ToArray();
        var handles = keys.Select(key => key.Handle).Distinct().ToArray();
        return await Db.Memberships.AsNoTracking()
            .Where(membership => EF.Parameter(roomIds).Contains(membership.RoomId) && EF.Parameter(handles).Contains(membership.User!.Handle))
            .Where(membership => membership.User!.BannedAt == null)
            .Select(membership => new HandleOwner(
                membership.RoomId, new MentionView(membership.UserId, membership.User!.Handle, membership.User.DisplayName)))
            .ToListAsync(cancellationToken);
    }

    public override async Task<IReadOnlyCollection<int>> FindRoomsWithDevicesAsync(int[] roomIds, CancellationToken cancellationToken) =>
        await Db.Rooms.AsNoTracking()
            .Where(room => EF.Parameter(roomIds).Contains(room.Id))
            .Where(room => Db.Memberships.Any(m => m.RoomId == room.Id && Db.PushDevices.Any(device => device.UserId == m.UserId)))
            .Select(room => room.Id)
            .ToListAsync(cancellationToken);

    public override async Task<IReadOnlyCollection<(int RoomId, int UserId)>> FindCalledAsync(
        IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken)
    {
        var roomIds = keys.Select(key => key.RoomId).Distinct().ToArray();
        var userIds = keys.Select(key => key.UserId).Distinct().ToArray();
        var called = await Db.PushDeliveries.AsNoTracking()
            .Where(delivery => EF.Parameter(userIds).Contains(delivery.UserId) && EF.Parameter(roomIds).Contains(delivery.RoomId))
            .Select(delivery => new { delivery.RoomId, delivery.UserId })
            .Distinct()
            .ToListAsync(cancellationToken);
        return [.. called.Select(key => (key.RoomId, key.UserId))];
    }

    public override async Task SaveAsync(
        IReadOnlyCollection<RoomNumbers> rooms,
        IReadOnlyCollection<RoomMember> members,
        NewRows added,
        CancellationToken cancellationToken)
    {
        foreach (var room in rooms)
            (_rooms[room.Id].LastSequence, _rooms[room.Id].LastRevision) = (room.LastSequence, room.LastRevision);
        foreach (var member in members)
        {
            if (member.LastSent is { } sequence)
                _memberships[(member.RoomId, member.UserId)].LastReadSequence = sequence;
        }

        Db.AddRange(added.Messages);
        Db.AddRange(added.Mentions);
        Db.AddRange(added.Notifications);
        Db.AddRange(added.Links);
        await Db.SaveChangesAsync(cancellationToken);
        Db.ChangeTracker.Clear();
    }
}
