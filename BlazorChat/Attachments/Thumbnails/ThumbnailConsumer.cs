using BlazorChat.Channels.Workers;

namespace BlazorChat.Attachments.Thumbnails;

/// <summary>Makes the thumbnails of pictures, in the app's process or in one of its own.</summary>
internal sealed class ThumbnailConsumer(ThumbnailMaker thumbnails) : WorkerConsumer<ThumbnailWanted>
{
    public const string Channel = "thumbnail-generate";

    public override async ValueTask HandleAsync(ThumbnailWanted job, CancellationToken cancellationToken) =>
        await thumbnails.MakeAsync(job.AttachmentId, cancellationToken);
}
