using BlazorChat.Data;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Data.Sqlite;
using BlazorChat.Rooms.Mentions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// The store for SQLite: prepared statements on one open connection. SQLite runs in this process, so small statements are cheap once they are
/// compiled.
/// </summary>
internal sealed class PreparedMessageStore(ChatDbContext db) : MessageStore(db)
{
    /// <summary>The number of members of a room among whom a device is searched.</summary>
    private const int MaxSearched = 500;

    private Statements? _statements;

    public override async Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        if (_statements is null)
        {
            await Db.Database.OpenConnectionAsync(cancellationToken);
            _statements = new Statements(Db, (SqliteConnection)Db.Database.GetDbConnection());
        }

        var transaction = await Db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var command in _statements.All)
            command.Transaction = (SqliteTransaction)transaction.GetDbTransaction();
        return transaction;
    }

    // The transaction has locked the whole file since it began, so reading is enough.
    public override Task<IReadOnlyList<RoomNumbers>> LockRoomsAsync(int[] roomIds, CancellationToken cancellationToken)
    {
        var rooms = new List<RoomNumbers>(roomIds.Length);
        foreach (var id in roomIds)
        {
            using var row = _statements!.Room.Read(id);
            if (row.Read())
                rooms.Add(new RoomNumbers(id, (RoomKind)row.GetInt32(0), !row.IsDBNull(1), row.GetBoolean(4), row.GetInt64(2), row.GetInt64(3)));
        }

        return Task.FromResult<IReadOnlyList<RoomNumbers>>(rooms);
    }

    public override Task<IReadOnlyList<RoomMember>> ReadMembersAsync(
        IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken)
    {
        var members = new List<RoomMember>(keys.Count);
        foreach (var (roomId, userId) in keys)
        {
            using var row = _statements!.Member.Read(roomId, userId);
            if (row.Read())
            {
                var author = new MessageAuthor(row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetBoolean(3), row.GetString(4));
                members.Add(new RoomMember(roomId, userId, (MembershipRole)row.GetInt32(0), author));
            }
        }

        return Task.FromResult<IReadOnlyList<RoomMember>>(members);
    }

    public override async Task<IReadOnlyList<MessageView>> ReadSentAsync(
        IReadOnlyCollection<(int AuthorId, Guid ClientMessageId)> keys, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        foreach (var (authorId, clientMessageId) in keys)
        {
            using var row = _statements!.Sent.Read(authorId, clientMessageId);
            if (row.Read())
                ids.Add(row.GetInt64(0));
        }

        if (ids.Count == 0)
            return [];
        return await Db.Messages.AsNoTracking()
            .Where(message => ids.Contains(message.Id))
            .Select(MessageView.FromMessage)
            .ToListAsync(cancellationToken);
    }

    public override Task<IReadOnlyList<HandleOwner>> ReadHandlesAsync(
        IReadOnlyCollection<(int RoomId, string Handle)> keys, CancellationToken cancellationToken)
    {
        var owners = new List<HandleOwner>();
        foreach (var (roomId, handle) in keys)
        {
            using var row = _statements!.Handle.Read(handle, roomId);
            if (row.Read())
                owners.Add(new HandleOwner(roomId, new MentionView(row.GetInt32(0), handle, row.GetString(1))));
        }

        return Task.FromResult<IReadOnlyList<HandleOwner>>(owners);
    }

    public override Task<IReadOnlyCollection<int>> FindRoomsWithDevicesAsync(int[] roomIds, CancellationToken cancellationToken)
    {
        var found = new List<int>();
        foreach (var id in roomIds)
        {
            using var row = _statements!.Devices.Read(id);
            if (row.Read())
                found.Add(id);
        }

        return Task.FromResult<IReadOnlyCollection<int>>(found);
    }

    public override Task<IReadOnlyCollection<(int RoomId, int UserId)>> FindCalledAsync(
        IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken)
    {
        var found = new List<(int, int)>();
        foreach (var (roomId, userId) in keys)
        {
            using var row = _statements!.Called.Read(userId, roomId);
            if (row.Read())
                found.Add((roomId, userId));
        }

        return Task.FromResult<IReadOnlyCollection<(int RoomId, int UserId)>>(found);
    }

    public override async Task SaveAsync(
        IReadOnlyCollection<RoomNumbers> rooms,
        IReadOnlyCollection<RoomMember> members,
        NewRows added,
        CancellationToken cancellationToken)
    {
        // The context assigns the database's id of a message to its attachments and its poll.
        Db.AddRange(added.Messages.Where(HasOtherRows));
        await Db.SaveChangesAsync(cancellationToken);
        Db.ChangeTracker.Clear();
        var statements = _statements!;
        try
        {
            foreach (var message in added.Messages.Where(message => !HasOtherRows(message)))
                statements.Insert.Execute(message);
            foreach (var mention in added.Mentions)
                statements.InsertMention.Execute(mention);
            foreach (var notification in added.Notifications)
                statements.InsertNotification.Execute(notification);
            foreach (var link in added.Links)
                statements.InsertLink.Execute(link);
            foreach (var member in members)
            {
                if (member.LastSent is { } sequence)
                    statements.Read.Execute(sequence, member.RoomId, member.UserId);
            }

            foreach (var room in rooms.Where(room => room.IsChanged))
                statements.Numbers.Execute(room.LastSequence, room.LastRevision, room.Id);
        }
        catch (SqliteException exception)
        {
            throw new DbUpdateException("A message could not be saved.", exception);
        }
    }

    private static bool HasOtherRows(Message message) => message.Attachments.Count > 0 || message.Poll is not null;

    public override ValueTask DisposeAsync()
    {
        _statements?.Dispose();
        return base.DisposeAsync();
    }

    private sealed class Statements(ChatDbContext db, SqliteConnection connection) : IDisposable
    {
        public PreparedCommand Room { get; } = new(
            connection, """SELECT "Kind", "ArchivedAt", "LastSequence", "LastRevision", "OnlyOwnersMentionRoom" FROM "Rooms" WHERE "Id" = @0""", 1);

        public PreparedCommand Member { get; } = new(
            connection,
            """
            SELECT m."Role", u."DisplayName", u."AvatarId", EXISTS (SELECT 1 FROM "AspNetUserRoles" AS r WHERE r."UserId" = u."Id"), u."Handle"
            FROM "Memberships" AS m INNER JOIN "AspNetUsers" AS u ON u."Id" = m."UserId"
            WHERE m."RoomId" = @0 AND m."UserId" = @1
            """,
            2);

        public PreparedCommand Sent { get; } = new(
            connection, """SELECT "Id" FROM "Messages" WHERE "AuthorId" = @0 AND "ClientMessageId" = @1""", 2);

        public PreparedCommand Handle { get; } = new(
            connection,
            """
            SELECT u."Id", u."DisplayName"
            FROM "AspNetUsers" AS u INNER JOIN "Memberships" AS m ON m."UserId" = u."Id"
            WHERE u."Handle" = @0 AND m."RoomId" = @1 AND u."BannedAt" IS NULL
            """,
            2);

        // The first members are enough: a large room has a device anyway, or costs a row that calls nobody.
        public PreparedCommand Devices { get; } = new(
            connection,
            $"""
            SELECT 1 WHERE EXISTS (SELECT 1 FROM "PushDevices") AND (
                EXISTS (SELECT 1 FROM (SELECT "UserId" FROM "Memberships" WHERE "RoomId" = @0 LIMIT {MaxSearched}) AS m
                    WHERE EXISTS (SELECT 1 FROM "PushDevices" AS d WHERE d."UserId" = m."UserId"))
                OR EXISTS (SELECT 1 FROM "Memberships" WHERE "RoomId" = @0 LIMIT 1 OFFSET {MaxSearched}))
            """,
            1);

        public PreparedCommand Called { get; } = new(
            connection, """SELECT 1 FROM "PushDeliveries" WHERE "UserId" = @0 AND "RoomId" = @1 LIMIT 1""", 2);

        public PreparedCommand Read { get; } = new(
            connection, """UPDATE "Memberships" SET "LastReadSequence" = @0 WHERE "RoomId" = @1 AND "UserId" = @2""", 3);

        public PreparedCommand Numbers { get; } = new(
            connection, """UPDATE "Rooms" SET "LastSequence" = @0, "LastRevision" = @1 WHERE "Id" = @2""", 3);

        public PreparedInsert<Message> Insert { get; } = new(db);

        public PreparedInsert<Mention> InsertMention { get; } = new(db);

        public PreparedInsert<MessageNotification> InsertNotification { get; } = new(db);

        public PreparedInsert<MessageLink> InsertLink { get; } = new(db);

        public PreparedCommand[] All =>
        [
            Room, Member, Sent, Handle, Devices, Called, Read, Numbers,
            Insert.Command, InsertMention.Command, InsertNotification.Command, InsertLink.Command,
        ];

        public void Dispose()
        {
            foreach (var command in All)
                command.Dispose();
        }
    }
}
