using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>Adds the rows by which the messages of a transaction call people. Without devices there are none.</summary>
internal sealed class BatchCalls(MessageStore store, DateTime now)
{
    private readonly List<MessageNotification> _notifications = [];
    private IReadOnlyCollection<int> _roomsWithDevices = [];

    public IReadOnlyList<MessageNotification> Notifications => _notifications;

    /// <summary>Adds rows for new messages.</summary>
    public async Task AddAsync(IReadOnlyCollection<Message> added, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
            return;
        _roomsWithDevices = await store.FindRoomsWithDevicesAsync([.. added.Select(message => message.RoomId).Distinct()], cancellationToken);
        foreach (var message in added.Where(message => _roomsWithDevices.Contains(message.RoomId)))
            Add(message, NotificationReason.Sent);
    }

    /// <summary>Adds rows for messages that were edited or deleted.</summary>
    public async Task AddAsync(IEnumerable<Message> rewritten, IReadOnlyList<Mention> mentions, CancellationToken cancellationToken)
    {
        foreach (var message in rewritten.Distinct().Where(message => now - message.SentAt < PushOutbox.MaxAge))
        {
            var (roomId, sequence) = (message.RoomId, message.Sequence);
            // A node may add the deliveries of a row before this transaction is committed.
            if (await store.Db.PushDeliveries.AnyAsync(d => d.RoomId == roomId && d.Sequence == sequence, cancellationToken)
                || await store.Db.MessageNotifications.AnyAsync(n => n.RoomId == roomId && n.Sequence == sequence, cancellationToken))
                Add(message, NotificationReason.Changed);
            if (mentions.Any(mention => mention.RoomId == roomId && mention.Sequence == sequence)
                && (await store.FindRoomsWithDevicesAsync([roomId], cancellationToken)).Count > 0)
                Add(message, NotificationReason.Mentioned);
        }
    }

    /// <summary>What its author's devices show of a room is withdrawn: who writes has read the messages before.</summary>
    /// <returns>Whether there was anything.</returns>
    public async Task<bool> ReadAsync(IEnumerable<RoomMember> members, CancellationToken cancellationToken)
    {
        var sent = members.Where(member => member.LastSent is not null && _roomsWithDevices.Contains(member.RoomId))
            .ToDictionary(member => (member.RoomId, member.UserId), member => member.LastSent!.Value);
        if (sent.Count == 0)
            return false;
        var called = (await store.FindCalledAsync(sent.Keys, cancellationToken)).Where(sent.ContainsKey).Order().ToArray();
        foreach (var (roomId, userId) in called)
            await PushOutbox.ReadAsync(store.Db, roomId, [userId], sent[(roomId, userId)], now, cancellationToken);
        return called.Length > 0;
    }

    /// <summary>The same for the threads of new replies.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<bool> ReadThreadsAsync(IEnumerable<Message> added, CancellationToken cancellationToken)
    {
        var written = added.Where(reply => reply.ThreadRoot is not null && _roomsWithDevices.Contains(reply.RoomId))
            .GroupBy(reply => (reply.RoomId, reply.AuthorId, Root: reply.ThreadRoot!.Value), reply => reply.ReplyNumber!.Value)
            .ToArray();
        if (written.Length == 0)
            return false;
        var authors = written.Select(thread => (thread.Key.RoomId, thread.Key.AuthorId)).ToHashSet();
        var called = (await store.FindCalledAsync(authors, cancellationToken)).ToHashSet();
        var count = 0;
        foreach (var thread in written.Where(thread => called.Contains((thread.Key.RoomId, thread.Key.AuthorId))).OrderBy(thread => thread.Key))
        {
            var (roomId, authorId, root) = thread.Key;
            count += await PushOutbox.ReadThreadAsync(store.Db, roomId, authorId, root, thread.Max(), now, cancellationToken);
        }

        return count > 0;
    }

    private void Add(Message message, NotificationReason reason) => _notifications.Add(new MessageNotification
    {
        RoomId = message.RoomId,
        Sequence = message.Sequence,
        Reason = reason,
        CreatedAt = now,
        LeasedUntil = now,
    });
}
