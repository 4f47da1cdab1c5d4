using BlazorChat.Common;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>Publishes scheduled drafts.</summary>
internal sealed class LiveblogSchedule(DraftPublisher publisher, TimeProvider time, ILogger<LiveblogSchedule> logger)
    : DueWork(publisher.Scheduled, time, logger)
{
    protected override Task<DateTimeOffset?> DoDueAsync(CancellationToken cancellationToken) => publisher.PublishDueAsync(cancellationToken);
}
