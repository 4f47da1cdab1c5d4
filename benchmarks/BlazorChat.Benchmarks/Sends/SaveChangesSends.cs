using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>
/// As one writes it first: a context for each message, is the sender a member, the room's next number, the message, <c>SaveChanges</c>. The
/// same schema, the same file settings, the same promise that it is on the disk. No version of a chat leaves out who may write where, so
/// this one checks too, before the transaction, where no other sender waits; it detects no repeated send, renders nothing and publishes nothing.
/// </summary>
internal sealed class SaveChangesSends : ISendPeer
{
    private readonly TestDatabase _node;
    private readonly int[] _senders;
    private readonly int _roomId;

    private SaveChangesSends(TestDatabase node, int[] senders, int roomId)
    {
        _node = node;
        _senders = senders;
        _roomId = roomId;
    }

    public static async Task<ISendPeer> StartAsync(int senders, CancellationToken cancellationToken)
    {
        var node = await TestDatabase.CreateAsync();
        await using var db = await node.OpenAsync();
        var room = new Room { Name = "Benchmark", NormalizedName = Room.Normalize("Benchmark") };
        var people = Enumerable.Range(0, senders).Select(i => new ChatUser
        {
            UserName = $"person{i}",
            NormalizedUserName = $"PERSON{i}",
            DisplayName = $"Person {i}",
            SecurityStamp = $"{Guid.NewGuid():N}",
        }).ToArray();
        db.Add(room);
        db.AddRange(people);
        db.AddRange(people.Select(person => new Membership { Room = room, User = person }));
        await db.SaveChangesAsync(cancellationToken);
        return new SaveChangesSends(node, [.. people.Select(person => person.Id)], room.Id);
    }

    public async Task<long> SendAsync(int sender, string text, CancellationToken cancellationToken)
    {
        await using var db = await _node.OpenAsync();
        var senderId = _senders[sender];
        if (!await db.Memberships.AnyAsync(member => member.RoomId == _roomId && member.UserId == senderId, cancellationToken))
            throw new UnauthorizedAccessException("Join the room to write in it.");
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var room = await db.Rooms.SingleAsync(room => room.Id == _roomId, cancellationToken);
        room.LastSequence++;
        room.LastRevision++;
        db.Add(new Message
        {
            RoomId = _roomId,
            Sequence = room.LastSequence,
            Revision = room.LastRevision,
            FirstRevision = room.LastRevision,
            AuthorId = senderId,
            ClientMessageId = Guid.NewGuid(),
            Markdown = text,
            Html = text,
            SentAt = DateTime.UtcNow,
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return room.LastSequence;
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
