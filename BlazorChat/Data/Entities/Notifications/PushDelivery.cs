namespace BlazorChat.Data.Entities.Notifications;

/// <summary>
/// A message on a device: to be shown, shown, or to be withdrawn. A node that sends compares what the device shows with what it should show now. So
/// a command that reads, edits or deletes something only counts a change (<see cref="Changes"/>).
/// </summary>
public sealed class PushDelivery
{
    public const int MaxHostLength = 261;

    public long Id { get; init; }

    /// <summary>Deleting a device deletes its deliveries.</summary>
    public Guid DeviceId { get; init; }

    public PushDevice? Device { get; init; }

    /// <summary>The person of the device.</summary>
    public int UserId { get; init; }

    /// <summary>Not a foreign key: what a deleted room showed on devices is withdrawn after its row is gone.</summary>
    public int RoomId { get; init; }

    public long Sequence { get; init; }

    /// <summary>Host and port of the push service.</summary>
    public required string Host { get; init; }

    /// <summary>It is sent at this time, or withdrawn; null while the device shows what it should.</summary>
    public DateTime? DueAt { get; set; }

    /// <summary>Until this time one node sends it. After it any node may.</summary>
    public DateTime LeasedUntil { get; set; }

    /// <summary>The number of times that a node began to send it since it last succeeded.</summary>
    public int Attempts { get; set; }

    /// <summary>The number of changes to what the device should show. A change during a sending makes it due again.</summary>
    public int Changes { get; set; }

    /// <summary>The revision of the message that the push service accepted; null before the first one.</summary>
    public long? ShownRevision { get; set; }

    /// <summary>The row is removed then: the message is too old to call anybody.</summary>
    public DateTime ExpiresAt { get; init; }
}
