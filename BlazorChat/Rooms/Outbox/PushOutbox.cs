using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Outbox;

/// <summary>
/// The rows of what calls people on their devices. Rooms write them in the transactions of what happens; the loops that read them wait here, so that
/// those of this node begin at once. Those of other nodes find the rows by themselves.
/// </summary>
internal sealed class PushOutbox
{
    /// <summary>A message that is older calls nobody, and what it showed on devices is no longer changed.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    /// <summary>Messages that are read within it, one after the other, are withdrawn together.</summary>
    public static readonly TimeSpan ReadDelay = TimeSpan.FromSeconds(3);

    private readonly Signal _messages = new();
    private readonly Signal _deliveries = new();

    /// <summary>Called after a <see cref="MessageNotification"/> was committed.</summary>
    public void NotifyMessages() => _messages.Set();

    /// <summary>Called after a <see cref="PushDelivery"/> was committed that is due.</summary>
    public void NotifyDeliveries() => _deliveries.Set();

    /// <summary>Completes when <see cref="NotifyMessages"/> is called, or when the timeout has passed.</summary>
    public Task WaitForMessagesAsync(TimeSpan timeout, CancellationToken cancellationToken) => _messages.WaitAsync(timeout, cancellationToken);

    /// <summary>Completes when <see cref="NotifyDeliveries"/> is called, or when the timeout has passed.</summary>
    public Task WaitForDeliveriesAsync(TimeSpan timeout, CancellationToken cancellationToken) => _deliveries.WaitAsync(timeout, cancellationToken);

    /// <summary>Makes deliveries due, since what their devices should show has changed. Called in the transaction of the change.</summary>
    /// <returns>The number of deliveries.</returns>
    public static Task<int> ChangeAsync(IQueryable<PushDelivery> deliveries, DateTime now, CancellationToken cancellationToken) =>
        deliveries.ExecuteUpdateAsync(
            delivery => delivery
                .SetProperty(d => d.Changes, d => d.Changes + 1)
                // One that waits for its next attempt waits on.
                .SetProperty(d => d.DueAt, d => d.DueAt ?? now),
            cancellationToken);

    /// <summary>
    /// Makes the deliveries of messages of a room due that people have read. What a device shows waits until the person reads no further.
    /// </summary>
    /// <inheritdoc cref="ChangeAsync"/>
    public static Task<int> ReadAsync(
        ChatDbContext db, int roomId, IReadOnlyCollection<int> userIds, long sequence, DateTime now, CancellationToken cancellationToken) =>
        ReadAsync(
            db.PushDeliveries.Where(delivery =>
                delivery.RoomId == roomId && userIds.Contains(delivery.UserId) && delivery.Sequence > 0 && delivery.Sequence <= sequence),
            now,
            cancellationToken);

    /// <summary>Makes the deliveries of replies due that a person has read, and that only their thread shows.</summary>
    /// <param name="root">The sequence of the first message of the thread.</param>
    /// <param name="number">Number of the newest reply that was read.</param>
    /// <inheritdoc cref="ChangeAsync"/>
    public static Task<int> ReadThreadAsync(
        ChatDbContext db, int roomId, int userId, long root, long number, DateTime now, CancellationToken cancellationToken) =>
        ReadAsync(
            db.PushDeliveries.Where(delivery =>
                delivery.RoomId == roomId && delivery.UserId == userId && delivery.Sequence < 0
                && db.Messages.Any(reply =>
                    reply.RoomId == roomId && reply.Sequence == delivery.Sequence && reply.ThreadRoot == root && reply.ReplyNumber <= number)),
            now,
            cancellationToken);

    private static Task<int> ReadAsync(IQueryable<PushDelivery> deliveries, DateTime now, CancellationToken cancellationToken)
    {
        var later = now + ReadDelay;
        return deliveries
            .ExecuteUpdateAsync(
                delivery => delivery
                    .SetProperty(d => d.Changes, d => d.Changes + 1)
                    .SetProperty(d => d.DueAt, d => d.ShownRevision != null && d.Attempts == 0 ? later : d.DueAt ?? now),
                cancellationToken);
    }

    /// <summary>Makes the deliveries of a room due, of one person who has left or hidden it, or of all.</summary>
    /// <inheritdoc cref="ChangeAsync"/>
    public static Task<int> LeaveAsync(ChatDbContext db, int roomId, int? userId, DateTime now, CancellationToken cancellationToken) =>
        ChangeAsync(
            db.PushDeliveries.Where(delivery => delivery.RoomId == roomId && (userId == null || delivery.UserId == userId)), now, cancellationToken);
}
