using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The pins that a transaction sets and removes.</summary>
internal sealed class BatchPins(BatchRows rows, DateTime now)
{
    private readonly Dictionary<Message, PinView?> _changed = [];

    /// <summary>Pins a message, or unpins it; the message gets a revision when that changes it.</summary>
    /// <exception cref="RefusedException">The room has too many pinned messages.</exception>
    public void Apply(PinChange write, Message message, RoomNumbers room)
    {
        if ((Find(message) is not null) == write.IsSet)
            return;
        if (write.IsSet && rows.PinCounts.GetValueOrDefault(room.Id) >= PinView.MaxPins)
            throw new RefusedException(RefusalCode.Conflict, RoomTexts.Get("TooManyPins", PinView.MaxPins));
        Set(message, write.IsSet ? new PinView(write.PersonId, now) : null);
        message.Revision = ++room.LastRevision;
    }

    /// <summary>Unpins a message that is deleted.</summary>
    public void Clear(Message message)
    {
        if (Find(message) is not null)
            Set(message, null);
    }

    /// <summary>The pin of a message after the writes so far; null for none.</summary>
    public PinView? Find(Message message) => _changed.TryGetValue(message, out var pin) ? pin : StoredOf(message);

    /// <summary>Removes rows, and adds the others to the context.</summary>
    public async Task SaveAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        foreach (var (message, pin) in _changed)
        {
            var id = message.Id;
            if (StoredOf(message) is not null)
                await db.Pins.Where(stored => stored.MessageId == id).ExecuteDeleteAsync(cancellationToken);
            if (pin is not null)
                db.Add(new MessagePin { MessageId = id, RoomId = message.RoomId, UserId = pin.PersonId, PinnedAt = pin.PinnedAt });
        }
    }

    private void Set(Message message, PinView? pin)
    {
        _changed[message] = pin;
        rows.PinCounts[message.RoomId] = rows.PinCounts.GetValueOrDefault(message.RoomId) + (pin is null ? -1 : 1);
    }

    private PinView? StoredOf(Message message) => rows.Messages.GetValueOrDefault((message.RoomId, message.Sequence))?.Pin;
}
