using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>A person follows a thread.</summary>
public sealed class ThreadFollow
{
    /// <summary>The id of the message that the thread belongs to.</summary>
    public long RootId { get; init; }

    public MessageThread? Thread { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>Number of the newest reply that the person has read. It only rises.</summary>
    public long LastReadReply { get; set; }
}
