using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Data.Entities.Notifications;

public enum NotificationReason
{
    /// <summary>The message was sent.</summary>
    Sent = 0,

    /// <summary>It was edited or deleted after people had been called.</summary>
    Changed = 1,

    /// <summary>An edit mentions somebody who was not mentioned before.</summary>
    Mentioned = 2,
}

/// <summary>
/// A message that may call people who have a device. The transaction of the message adds the row; it is deleted when each of these people has a
/// <see cref="PushDelivery"/>.
/// </summary>
public sealed class MessageNotification
{
    /// <summary>Ascends in the order of the messages.</summary>
    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The sequence of the message.</summary>
    public long Sequence { get; init; }

    public NotificationReason Reason { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>Until this time one node computes whom it calls. After it any node may.</summary>
    public DateTime LeasedUntil { get; set; }

    /// <summary>The number of times that a node began to compute whom it calls since that last advanced.</summary>
    public int Attempts { get; set; }

    /// <summary>Members with ids up to this one have their deliveries.</summary>
    public int AfterUserId { get; set; }
}
