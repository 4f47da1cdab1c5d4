using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Rooms.Api;

/// <summary>A room of the caller.</summary>
/// <param name="Name">For a direct room, the names of its other people.</param>
/// <param name="IsPrivate">Whether only members see it.</param>
/// <param name="LastSequence">The sequence of the newest message; 0 when there is none.</param>
/// <param name="Unread">The number of messages that the caller has not read, or has marked as unread.</param>
public sealed record ChatRoom(int Id, string Name, bool IsPrivate, long LastSequence, long Unread)
{
    public const string Open = "open";
    public const string Private = "private";
    public const string Direct = "direct";

    /// <summary><see cref="Open"/>, <see cref="Private"/> or <see cref="Direct"/>.</summary>
    public string Kind { get; init; } = Open;

    /// <summary>Empty for none.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether <c>@room</c> stays text, except in messages of owners.</summary>
    public bool OnlyOwnersMentionRoom { get; init; }

    /// <summary>It can be read, and nobody writes in it.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Incremented by each change of the settings.</summary>
    public int Version { get; init; }

    /// <summary>The first message that the caller marked as unread; null without such a mark.</summary>
    public long? UnreadFrom { get; init; }

    /// <summary>The number of the newest mark; 0 for none.</summary>
    public int Mark { get; init; }

    /// <summary>The number of unread messages that mention the caller, or all members.</summary>
    public long Mentions { get; init; }

    /// <summary>The other people of a direct room, by name; nobody for notes to oneself, and null for a room of another kind.</summary>
    public IReadOnlyList<ChatPerson>? People { get; init; }

    /// <summary>Which messages call the caller: <c>everything</c>, <c>mentions</c>, or <c>nothing</c> when the room is muted.</summary>
    public string Level { get; init; } = "";

    public bool IsFavourite { get; init; }

    /// <param name="room">The room as the caller sees it.</param>
    /// <param name="mentions">The number of unread messages that mention the caller.</param>
    /// <param name="people">The other people, if it is a direct room.</param>
    internal static ChatRoom From(RoomView room, long mentions, IEnumerable<ChatPerson> people) => new(room.Id, room.Name, room.Kind != RoomKind.Open, room.LastSequence, room.Unread)
    {
        Kind = room.Kind switch
        {
            RoomKind.Direct => Direct,
            RoomKind.Private => Private,
            _ => Open,
        },
        Topic = room.Topic ?? "",
        Description = room.Description ?? "",
        OnlyOwnersMentionRoom = room.OnlyOwnersMentionRoom,
        IsArchived = room.IsArchived,
        Version = room.Version,
        UnreadFrom = room.UnreadFrom,
        Mark = room.UnreadMarks,
        // The number was read a moment later or earlier.
        Mentions = Math.Min(mentions, room.Unread),
        People = room.Kind == RoomKind.Direct ? [.. people] : null,
        Level = ChatLevel.Of(room.Level),
        IsFavourite = room.IsFavourite,
    };
}
