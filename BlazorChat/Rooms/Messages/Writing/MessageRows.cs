using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// The rows that every message reads and writes: its room, its author's membership, and itself. One for many batches, used by one
/// at a time; after an error it is to be disposed.
/// </summary>
internal abstract class MessageRows(ChatDbContext db) : IAsyncDisposable
{
    /// <summary>For what few messages need. What it tracks is written with the rest and forgotten after the batch.</summary>
    public ChatDbContext Db => db;

    public static MessageRows Of(ChatDbContext db) => db is SqliteChatDbContext ? new PreparedRows(db) : new TrackedRows(db);

    public abstract Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Locks rooms, so that nobody else takes their next numbers, and reads them; those that are not there are left out.</summary>
    public abstract Task<IReadOnlyList<RoomNumbers>> LockRoomsAsync(int[] roomIds, CancellationToken cancellationToken);

    /// <summary>Who of these persons is a member where; others may be among them.</summary>
    public abstract Task<IReadOnlyList<RoomMember>> ReadMembersAsync(IReadOnlyCollection<(int RoomId, int UserId)> places, CancellationToken cancellationToken);

    /// <summary>Those that were sent before; others may be among them.</summary>
    public abstract Task<IReadOnlyList<MessageView>> ReadSentAsync(
        IReadOnlyCollection<(int AuthorId, Guid ClientMessageId)> keys, CancellationToken cancellationToken);

    /// <summary>Writes the numbers, how far the members have read, the new messages, and what the context tracks.</summary>
    /// <exception cref="Microsoft.EntityFrameworkCore.DbUpdateException">The database refuses one of them.</exception>
    public abstract Task SaveAsync(
        IReadOnlyCollection<RoomNumbers> rooms, IReadOnlyCollection<RoomMember> members, IReadOnlyList<Message> added, CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => db.DisposeAsync();
}

/// <summary>How far a room has come.</summary>
internal sealed class RoomNumbers(int id, RoomKind kind, long lastSequence, long lastRevision)
{
    private readonly long _revisionBefore = lastRevision;

    public int Id => id;

    public RoomKind Kind => kind;

    public long LastSequence { get; set; } = lastSequence;

    public long LastRevision { get; set; } = lastRevision;

    public bool IsChanged => LastRevision != _revisionBefore;
}

/// <summary>Somebody who may write in a room.</summary>
internal sealed class RoomMember(int roomId, int userId, MembershipRole role, MessageAuthor author)
{
    public int RoomId => roomId;

    public int UserId => userId;

    public MembershipRole Role => role;

    /// <summary>As readers see them.</summary>
    public MessageAuthor Author => author;

    /// <summary>Their newest message of this batch, which they have read; null for none.</summary>
    public long? LastSent { get; set; }
}
