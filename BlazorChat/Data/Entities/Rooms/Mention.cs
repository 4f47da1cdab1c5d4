using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

public enum MentionKind
{
    /// <summary><c>@handle</c></summary>
    Person = 0,

    /// <summary><c>@room</c></summary>
    Room = 1,

    /// <summary>Those who were connected when <c>@here</c> was written.</summary>
    Here = 2,
}

/// <summary>A message mentions a person, or all members of its room, or those who were connected, each by one row. An author's mention of themselves has no row.</summary>
public sealed class Mention
{
    /// <summary>Ascends in the order in which people were mentioned.</summary>
    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The sequence of the message.</summary>
    public long Sequence { get; init; }

    /// <summary>Null for all members of the room, and for <see cref="Here"/>.</summary>
    public int? UserId { get; init; }

    public ChatUser? User { get; init; }

    public MentionKind Kind { get; init; }

    /// <summary>The people whom <c>@here</c> mentions; null for another kind.</summary>
    public IReadOnlyList<int>? Here { get; init; }
}
