using BlazorChat.Common.Localization;
using BlazorChat.Rooms.Reminders;
using BlazorChat.Rooms.Scheduled;
using MudBlazor;

namespace BlazorChat.Rooms.Pages.Later;

/// <summary>Asks when a person wants to be reminded.</summary>
internal sealed class RemindLater(IDialogService dialogs, MessageReminders reminders, ReaderTimeZone zone, TimeProvider time)
{
    private string ZoneId => zone.Id ?? zone.Zone.Id;

    /// <summary>Reminds the user of a message.</summary>
    /// <param name="sequence">The key of the message.</param>
    /// <returns>The time, in UTC; null when the user has cancelled it.</returns>
    public Task<DateTime?> RemindAsync(int roomId, long sequence, CancellationToken cancellationToken) => TimeDialog.ShowAsync(
        dialogs,
        RoomTexts.Get("RemindTitle").ToString(),
        RoomTexts.Get("Remind").ToString(),
        Choices(),
        (user, at) => reminders.RemindAsync(user, roomId, sequence, new DateTimeOffset(at, TimeSpan.Zero), ZoneId, cancellationToken));

    /// <summary>Gives a reminder another time.</summary>
    public Task<DateTime?> SnoozeAsync(long id, CancellationToken cancellationToken) => TimeDialog.ShowAsync(
        dialogs,
        RoomTexts.Get("RemindTitle").ToString(),
        RoomTexts.Get("Snooze").ToString(),
        Choices(),
        (user, at) => reminders.SnoozeAsync(user, id, new DateTimeOffset(at, TimeSpan.Zero), ZoneId, cancellationToken));

    private IReadOnlyList<LaterChoice> Choices() => LaterChoice.ForReminder(time.GetUtcNow().UtcDateTime, zone.Zone);
}
