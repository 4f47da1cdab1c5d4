using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>The earlier texts of the messages that a transaction edits and deletes, and the saved messages and reminders of deleted ones.</summary>
internal sealed class BatchVersions(DateTime now)
{
    private readonly List<MessageVersion> _added = [];
    private readonly HashSet<long> _deleted = [];

    /// <summary>The reminders of deleted messages.</summary>
    public IReadOnlyList<EndedReminder> EndedReminders { get; private set; } = [];

    /// <summary>Stores the text of a message that is about to be replaced, at the revision of the new one.</summary>
    public void Add(Message message) => _added.Add(new MessageVersion
    {
        MessageId = message.Id,
        Revision = message.Revision,
        Markdown = message.Markdown,
        WrittenAt = message.EditedAt ?? message.SentAt,
    });

    /// <summary>Removes all earlier texts of a deleted message.</summary>
    public void Remove(Message message)
    {
        _added.RemoveAll(version => version.MessageId == message.Id);
        _deleted.Add(message.Id);
    }

    /// <summary>Removes rows, and adds the others to the context.</summary>
    public async Task SaveAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        if (_deleted.Count > 0)
        {
            await db.MessageVersions.Where(version => _deleted.Contains(version.MessageId)).ExecuteDeleteAsync(cancellationToken);
            await db.SavedMessages.Where(saved => _deleted.Contains(saved.MessageId)).ExecuteDeleteAsync(cancellationToken);
            var reminders = db.Reminders.Where(reminder => reminder.MessageId != null && _deleted.Contains(reminder.MessageId.Value));
            EndedReminders = await EndedReminder.ReadAsync(reminders, cancellationToken);
            await reminders.ExecuteDeleteAsync(cancellationToken);
            await EndedReminder.WithdrawAsync(db, EndedReminders, now, cancellationToken);
        }

        db.AddRange(_added);
    }
}
