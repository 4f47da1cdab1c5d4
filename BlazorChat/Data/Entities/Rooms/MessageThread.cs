namespace BlazorChat.Data.Entities.Rooms;

/// <summary>The thread of a message, which is created with its first reply.</summary>
public sealed class MessageThread
{
    /// <summary>The most people in <see cref="Repliers"/>.</summary>
    public const int MaxRepliers = 3;

    public const int MaxRepliersLength = 40;

    /// <summary>The id of the message that the replies belong to.</summary>
    public long RootId { get; init; }

    public Message? Root { get; init; }

    /// <summary>The room of the message.</summary>
    public int RoomId { get; init; }

    /// <summary>The sequence of the message.</summary>
    public long RootSequence { get; init; }

    /// <summary>Number of the newest reply. Gapless.</summary>
    public long LastReply { get; set; }

    public DateTime LastReplyAt { get; set; }

    /// <summary>The ids of the people who replied last, with commas, newest first.</summary>
    public string Repliers { get; set; } = "";
}
