namespace BlazorChat.Attachments.Thumbnails;

/// <summary>Sends the jobs of pictures that have come in, beside the uploads.</summary>
internal sealed class ThumbnailRequests(ThumbnailMaker thumbnails) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => thumbnails.SendRequestsAsync(stoppingToken);
}
