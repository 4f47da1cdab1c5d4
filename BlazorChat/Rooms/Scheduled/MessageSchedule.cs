using BlazorChat.Common;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>Sends scheduled messages.</summary>
internal sealed class MessageSchedule(ScheduledSender sender, TimeProvider time, ILogger<MessageSchedule> logger)
    : DueWork(sender.Scheduled, time, logger)
{
    protected override Task<DateTimeOffset?> DoDueAsync(CancellationToken cancellationToken) => sender.SendDueAsync(cancellationToken);
}
