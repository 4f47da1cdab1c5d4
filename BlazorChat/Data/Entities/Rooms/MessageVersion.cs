namespace BlazorChat.Data.Entities.Rooms;

/// <summary>An earlier text of an edited message. It is removed when the message is deleted.</summary>
public sealed class MessageVersion
{
    public long MessageId { get; init; }

    public Message? Message { get; init; }

    /// <summary>The room's revision at which the next text replaced it.</summary>
    public long Revision { get; init; }

    public required string Markdown { get; init; }

    /// <summary>UTC.</summary>
    public DateTime WrittenAt { get; init; }
}
