using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Outbox;

/// <summary>A reminder whose message is gone for its person. Its devices and open pages must not show the text any longer.</summary>
internal sealed record EndedReminder(int UserId, long Id)
{
    /// <summary>The room of the deliveries of reminders, whose sequence is the id of the reminder.</summary>
    public const int RoomOfDeliveries = 0;

    /// <summary>The most reminders of one update.</summary>
    private const int PageSize = 500;

    public static async Task<IReadOnlyList<EndedReminder>> ReadAsync(IQueryable<Reminder> reminders, CancellationToken cancellationToken) =>
        await reminders.Select(reminder => new EndedReminder(reminder.UserId, reminder.Id)).ToListAsync(cancellationToken);

    /// <summary>Makes what devices show of reminders due to be compared again. Called in the transaction of the change.</summary>
    public static async Task WithdrawAsync(ChatDbContext db, IReadOnlyList<EndedReminder> ended, DateTime now, CancellationToken cancellationToken)
    {
        foreach (var page in ended.Select(reminder => reminder.Id).Order().Chunk(PageSize))
        {
            await PushOutbox.ChangeAsync(
                db.PushDeliveries.Where(delivery => delivery.RoomId == RoomOfDeliveries && page.Contains(delivery.Sequence)), now, cancellationToken);
        }
    }

    /// <summary>Tells the open pages of their people. Called after the commit.</summary>
    public static async Task PublishAsync(IChannelLayer layer, IEnumerable<EndedReminder> ended)
    {
        foreach (var reminder in ended)
            await layer.PublishAsync(RoomGroups.User(reminder.UserId), new ReminderChanged(reminder.Id, IsDue: false), CancellationToken.None);
    }
}
