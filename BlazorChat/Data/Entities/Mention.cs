namespace BlazorChat.Data.Entities;

public enum MentionKind
{
    /// <summary><c>@handle</c></summary>
    Person = 0,

    /// <summary><c>@room</c></summary>
    Room = 1,
}

/// <summary>A message mentions a person, or all members of its room by one row. An author's mention of themselves has no row.</summary>
public sealed class Mention
{
    /// <summary>Ascends in the order in which people were mentioned.</summary>
    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The sequence of the message.</summary>
    public long Sequence { get; init; }

    /// <summary>Null for all members of the room.</summary>
    public int? UserId { get; init; }

    public ChatUser? User { get; init; }

    public MentionKind Kind { get; init; }
}
