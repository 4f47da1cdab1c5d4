using BlazorChat.Data;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Data.Sqlite;
using BlazorChat.Rooms.Mentions;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>
/// Reads and writes the rows of every message: its room, its author's membership and the message itself. A store serves many batches, one after
/// the other. After an exception its owner disposes it and creates another one.
/// </summary>
internal abstract class MessageStore(ChatDbContext db) : IAsyncDisposable
{
    /// <summary>The context for other rows. <see cref="SaveAsync"/> saves its tracked rows and clears its tracker.</summary>
    public ChatDbContext Db => db;

    /// <summary>Creates the store for the provider of a context, and takes ownership of the context.</summary>
    public static MessageStore Of(ChatDbContext db) => db is SqliteChatDbContext ? new PreparedMessageStore(db) : new TrackedMessageStore(db);

    public abstract Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Locks rooms, so that no other transaction assigns their next numbers, and reads those that exist.</summary>
    public abstract Task<IReadOnlyList<RoomNumbers>> LockRoomsAsync(int[] roomIds, CancellationToken cancellationToken);

    /// <summary>Reads the memberships of these people in these rooms. The result may hold other memberships too.</summary>
    public abstract Task<IReadOnlyList<RoomMember>> ReadMembersAsync(IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken);

    /// <summary>Reads the messages that were sent with these ids. The result may hold other messages too.</summary>
    public abstract Task<IReadOnlyList<MessageView>> ReadSentAsync(
        IReadOnlyCollection<(int AuthorId, Guid ClientMessageId)> keys, CancellationToken cancellationToken);

    /// <summary>Reads the members of rooms with these handles. The result may hold others too.</summary>
    public abstract Task<IReadOnlyList<HandleOwner>> ReadHandlesAsync(
        IReadOnlyCollection<(int RoomId, string Handle)> keys, CancellationToken cancellationToken);

    /// <summary>Finds those of these rooms that have a member with a device. The result may hold others, which have no such member.</summary>
    public abstract Task<IReadOnlyCollection<int>> FindRoomsWithDevicesAsync(int[] roomIds, CancellationToken cancellationToken);

    /// <summary>Finds those of these people whose devices show messages of these rooms, or will. The result may hold others too.</summary>
    public abstract Task<IReadOnlyCollection<(int RoomId, int UserId)>> FindCalledAsync(
        IReadOnlyCollection<(int RoomId, int UserId)> keys, CancellationToken cancellationToken);

    /// <summary>Writes the rooms' numbers, the members' read positions, the new rows and the tracked rows of the context.</summary>
    /// <exception cref="Microsoft.EntityFrameworkCore.DbUpdateException">The database refuses one of them.</exception>
    public abstract Task SaveAsync(
        IReadOnlyCollection<RoomNumbers> rooms,
        IReadOnlyCollection<RoomMember> members,
        NewRows added,
        CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => db.DisposeAsync();
}

/// <summary>The rows that a batch adds.</summary>
internal sealed record NewRows(
    IReadOnlyList<Message> Messages, IReadOnlyList<Mention> Mentions, IReadOnlyList<MessageNotification> Notifications, IReadOnlyList<MessageLink> Links);

/// <summary>The newest sequence and revision of a room, and what may be written in it.</summary>
internal sealed class RoomNumbers(int id, RoomKind kind, bool isArchived, bool onlyOwnersMentionRoom, long lastSequence, long lastRevision)
{
    private readonly long _revisionBefore = lastRevision;

    public int Id => id;

    public RoomKind Kind => kind;

    public bool IsArchived => isArchived;

    /// <inheritdoc cref="Room.OnlyOwnersMentionRoom"/>
    public bool OnlyOwnersMentionRoom => onlyOwnersMentionRoom;

    public long LastSequence { get; set; } = lastSequence;

    public long LastRevision { get; set; } = lastRevision;

    public bool IsChanged => LastRevision != _revisionBefore;
}

/// <summary>A person who may write in a room.</summary>
/// <param name="Author">The person's name, picture and rights, as readers see them.</param>
internal sealed record RoomMember(int RoomId, int UserId, MembershipRole Role, MessageAuthor Author)
{
    /// <summary>Sequence of their newest message of this batch, the new read position; null for none.</summary>
    public long? LastSent { get; set; }
}
