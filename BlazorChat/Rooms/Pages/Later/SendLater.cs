using BlazorChat.Common.Localization;
using BlazorChat.Rooms.Pages.Composing;
using BlazorChat.Rooms.Scheduled;
using MudBlazor;

namespace BlazorChat.Rooms.Pages.Later;

/// <summary>Asks when a message is to be sent, and schedules it.</summary>
internal sealed class SendLater(IDialogService dialogs, ScheduledMessages scheduled, ReaderTimeZone zone, TimeProvider time)
{
    /// <returns>Null when the user has cancelled it.</returns>
    public async Task<LaterResult?> ScheduleAsync(NewScheduled message, CancellationToken cancellationToken)
    {
        var due = await TimeDialog.ShowAsync(
            dialogs,
            RoomTexts.Get("SendLaterTitle").ToString(),
            RoomTexts.Get("Schedule").ToString(),
            LaterChoice.ForMessage(time.GetUtcNow().UtcDateTime, zone.Zone),
            (user, at) => scheduled.ScheduleAsync(
                user, message with { DueAt = new DateTimeOffset(at, TimeSpan.Zero), TimeZone = zone.Id ?? zone.Zone.Id }, cancellationToken));
        return due is { } at ? new LaterResult(at) : null;
    }

    /// <summary>Asks for another time of a scheduled message.</summary>
    public Task ChangeTimeAsync(Guid id, CancellationToken cancellationToken) => TimeDialog.ShowAsync(
        dialogs,
        RoomTexts.Get("ChangeTimeTitle").ToString(),
        RoomTexts.Get("Save").ToString(),
        LaterChoice.ForMessage(time.GetUtcNow().UtcDateTime, zone.Zone),
        (user, at) => scheduled.ChangeAsync(user, id, markdown: null, new DateTimeOffset(at, TimeSpan.Zero), zone.Id ?? zone.Zone.Id, cancellationToken));
}
