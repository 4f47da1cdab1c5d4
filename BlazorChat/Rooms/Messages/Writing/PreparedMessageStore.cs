using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Sqlite;
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
    private Statements? _statements;

    public override async Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        if (_statements is null)
        {
            await Db.Database.OpenConnectionAsync(cancellationToken);
            _statements = new Statements(Db);
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
        var command = _statements!.Room;
        foreach (var id in roomIds)
        {
            command[0] = id;
            using var row = command.Read();
            if (row.Read())
                rooms.Add(new RoomNumbers(id, (RoomKind)row.GetInt32(0), row.GetInt64(1), row.GetInt64(2)));
        }

        return Task.FromResult<IReadOnlyList<RoomNumbers>>(rooms);
    }

    public override Task<IReadOnlyList<RoomMember>> ReadMembersAsync(
        IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken)
    {
        var members = new List<RoomMember>(keys.Count);
        var command = _statements!.Member;
        foreach (var (roomId, userId) in keys)
        {
            command[0] = roomId;
            command[1] = userId;
            using var row = command.Read();
            if (row.Read())
                members.Add(new RoomMember(roomId, userId, (MembershipRole)row.GetInt32(0), new MessageAuthor(row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetBoolean(3))));
        }

        return Task.FromResult<IReadOnlyList<RoomMember>>(members);
    }

    public override async Task<IReadOnlyList<MessageView>> ReadSentAsync(
        IReadOnlyCollection<(int AuthorId, Guid ClientMessageId)> keys, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        var command = _statements!.Sent;
        foreach (var (authorId, clientMessageId) in keys)
        {
            command[0] = authorId;
            command[1] = clientMessageId;
            using var row = command.Read();
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

    public override async Task SaveAsync(
        IReadOnlyCollection<RoomNumbers> rooms, IReadOnlyCollection<RoomMember> members, IReadOnlyList<Message> added, CancellationToken cancellationToken)
    {
        // The context assigns the database's id of a message to its attachments.
        Db.AddRange(added.Where(message => message.Attachments.Count > 0));
        await Db.SaveChangesAsync(cancellationToken);
        Db.ChangeTracker.Clear();
        try
        {
            Write(rooms, members, added.Where(message => message.Attachments.Count == 0));
        }
        catch (SqliteException exception)
        {
            throw new DbUpdateException("A message could not be saved.", exception);
        }
    }

    public override ValueTask DisposeAsync()
    {
        _statements?.Dispose();
        return base.DisposeAsync();
    }

    private void Write(IEnumerable<RoomNumbers> rooms, IEnumerable<RoomMember> members, IEnumerable<Message> added)
    {
        var statements = _statements!;
        foreach (var message in added)
            statements.Insert.Execute(message);
        foreach (var member in members)
        {
            if (member.LastSent is { } sequence)
                Execute(statements.Read, sequence, member.RoomId, member.UserId);
        }

        foreach (var room in rooms.Where(room => room.IsChanged))
            Execute(statements.Numbers, room.LastSequence, room.LastRevision, room.Id);
    }

    private static void Execute(PreparedCommand command, long first, long second, long third)
    {
        command[0] = first;
        command[1] = second;
        command[2] = third;
        command.Execute();
    }

    private sealed class Statements : IDisposable
    {
        private const string RoomSql = """SELECT "Kind", "LastSequence", "LastRevision" FROM "Rooms" WHERE "Id" = @0""";

        private const string MemberSql = """
            SELECT m."Role", u."DisplayName", u."AvatarId", EXISTS (SELECT 1 FROM "AspNetUserRoles" AS r WHERE r."UserId" = u."Id")
            FROM "Memberships" AS m INNER JOIN "AspNetUsers" AS u ON u."Id" = m."UserId"
            WHERE m."RoomId" = @0 AND m."UserId" = @1
            """;

        private const string SentSql = """SELECT "Id" FROM "Messages" WHERE "AuthorId" = @0 AND "ClientMessageId" = @1""";

        private const string ReadSql = """UPDATE "Memberships" SET "LastReadSequence" = @0 WHERE "RoomId" = @1 AND "UserId" = @2""";

        private const string NumbersSql = """UPDATE "Rooms" SET "LastSequence" = @0, "LastRevision" = @1 WHERE "Id" = @2""";

        public Statements(ChatDbContext db)
        {
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            Room = new PreparedCommand(connection, RoomSql, 1);
            Member = new PreparedCommand(connection, MemberSql, 2);
            Sent = new PreparedCommand(connection, SentSql, 2);
            Read = new PreparedCommand(connection, ReadSql, 3);
            Numbers = new PreparedCommand(connection, NumbersSql, 3);
            Insert = new PreparedInsert<Message>(db);
            All = [Room, Member, Sent, Read, Numbers, Insert.Command];
        }

        public PreparedCommand Room { get; }

        public PreparedCommand Member { get; }

        public PreparedCommand Sent { get; }

        public PreparedCommand Read { get; }

        public PreparedCommand Numbers { get; }

        public PreparedInsert<Message> Insert { get; }

        public PreparedCommand[] All { get; }

        public void Dispose()
        {
            foreach (var command in All)
                command.Dispose();
        }
    }
}
