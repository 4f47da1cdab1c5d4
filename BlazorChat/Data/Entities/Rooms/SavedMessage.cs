using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>A message that a person has saved for themselves. It is removed with the message.</summary>
public sealed class SavedMessage
{
    /// <summary>Ascends in the order in which messages were saved.</summary>
    public long Id { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    public long MessageId { get; init; }

    public Message? Message { get; init; }

    /// <summary>UTC.</summary>
    public DateTime SavedAt { get; init; }
}
