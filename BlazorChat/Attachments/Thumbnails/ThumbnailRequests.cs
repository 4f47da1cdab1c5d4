namespace BlazorChat.Attachments.Thumbnails;

/// <summary>Sends the jobs of uploaded pictures in the background.</summary>
internal sealed class ThumbnailRequests(ThumbnailMaker thumbnails) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => thumbnails.SendRequestsAsync(stoppingToken);
}
