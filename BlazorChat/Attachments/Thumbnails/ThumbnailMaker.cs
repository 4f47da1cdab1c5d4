using System.Data.Common;
using System.Threading.Channels;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Storage;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NetVips;

namespace BlazorChat.Attachments.Thumbnails;

/// <summary>Has thumbnails made, and makes them.</summary>
internal sealed partial class ThumbnailMaker(
    IDbContextFactory<ChatDbContext> databases, IAttachmentStore store, AttachmentOwners owners, DecodingMemory memory, IChannelLayer layer, TimeProvider time,
    ILogger<ThumbnailMaker> logger)
{
    /// <summary>Times that a worker may begin with a picture and die, or find no file.</summary>
    private const int MaxTries = 3;

    /// <summary>Tries that begin within this time of one another are one: several workers may have the same job at once.</summary>
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    /// <summary>Jobs that wait to be sent. One that does not fit is found later, since the attachment stays pending.</summary>
    private readonly Channel<Guid> _requested = System.Threading.Channels.Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Has the job sent, and does not wait for it: however Redis is, an upload ends.</summary>
    public void Request(Guid attachmentId) => _requested.Writer.TryWrite(attachmentId);

    /// <summary>Sends the requested jobs until it is cancelled.</summary>
    public async Task SendRequestsAsync(CancellationToken cancellationToken)
    {
        await foreach (var attachmentId in _requested.Reader.ReadAllAsync(cancellationToken))
            await RequestAsync(attachmentId, cancellationToken);
    }

    /// <summary>Sends the job. One that cannot be sent now is found later, since the attachment stays pending.</summary>
    public async Task RequestAsync(Guid attachmentId, CancellationToken cancellationToken)
    {
        try
        {
            await layer.SendAsync(ThumbnailConsumer.Channel, new ThumbnailWanted(attachmentId), cancellationToken);
        }
        catch (Exception exception) when (exception is JobQueueFullException or JobQueueUnavailableException)
        {
            LogNotRequested(logger, exception, attachmentId);
        }
    }

    /// <summary>Makes the thumbnails of one attachment and publishes the change, unless that was done before.</summary>
    /// <exception cref="Exception">The disk or the database failed; the job may be tried again.</exception>
    public async Task MakeAsync(Guid attachmentId, CancellationToken cancellationToken)
    {
        if (await BeginAsync(attachmentId, cancellationToken) is not { } attachment)
            return;
        var state = attachment.ThumbnailTries > MaxTries ? ThumbnailState.Failed : await TryMakeAsync(attachment, cancellationToken);
        if (state == ThumbnailState.Failed)
            LogFailed(logger, attachmentId, attachment.ContentType, attachment.Size);
        await owners.Get(attachment.Owner).SetThumbnailsAsync(attachment.OwnerId, attachmentId, state, cancellationToken);
    }

    internal static string VariantOf(ThumbnailSize size) => $"{size.Width}.webp";

    /// <summary>Counts the try before it is made, for it may be the last thing that this process does.</summary>
    private async Task<Attachment?> BeginAsync(Guid attachmentId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var lately = now - OneTry;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Attachments
            .Where(a => a.Id == attachmentId && a.Thumbnails == ThumbnailState.Pending && (a.ThumbnailTriedAt == null || a.ThumbnailTriedAt < lately))
            .ExecuteUpdateAsync(
                attachment => attachment.SetProperty(a => a.ThumbnailTries, a => a.ThumbnailTries + 1).SetProperty(a => a.ThumbnailTriedAt, now), cancellationToken);
        return await db.Attachments.AsNoTracking().SingleOrDefaultAsync(
            attachment => attachment.Id == attachmentId && attachment.Thumbnails == ThumbnailState.Pending, cancellationToken);
    }

    /// <summary>A try that this process has survived was not the picture's fault.</summary>
    private async Task UncountAsync(Attachment attachment)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            await db.Attachments
                .Where(a => a.Id == attachment.Id && a.ThumbnailTries == attachment.ThumbnailTries)
                .ExecuteUpdateAsync(update => update.SetProperty(a => a.ThumbnailTries, a => a.ThumbnailTries - 1), CancellationToken.None);
        }
        catch (Exception exception) when (exception is DbException or RetryLimitExceededException or InvalidOperationException or TimeoutException)
        {
            // It counts, then: the database is what failed.
        }
    }

    private async Task<ThumbnailState> TryMakeAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var size in ThumbnailSize.All)
                await MakeAsync(attachment, size, cancellationToken);
            return ThumbnailState.Ready;
        }
        catch (VipsException)
        {
            // Another try would fail the same way. The message of libvips may have content of the picture, so it is not logged.
            return ThumbnailState.Failed;
        }
        catch (FileNotFoundException) when (attachment.ThumbnailTries >= MaxTries)
        {
            return ThumbnailState.Failed;
        }
        catch (Exception exception) when (exception is not FileNotFoundException)
        {
            await UncountAsync(attachment);
            throw;
        }
    }

    private async Task MakeAsync(Attachment attachment, ThumbnailSize size, CancellationToken cancellationToken)
    {
        await using (var made = store.OpenRead(attachment.Hash, VariantOf(size)))
        {
            if (made is not null)
                return;
        }

        await using var content = store.OpenRead(attachment.Hash) ?? throw new FileNotFoundException("The attachment's file is not there.");
        var header = Pictures.ReadHeader(content) is { } read && read.CanBeDecoded(memory.Capacity)
            ? read
            : throw new VipsException("The attachment is no picture, or one that is too large to be decoded.");
        content.Position = 0;
        using var entry = await memory.EnterAsync(content.Length + header.Memory, cancellationToken);
        var thumbnail = await Task.Run(() => Pictures.MakeThumbnail(content, header, size, cancellationToken), cancellationToken);
        await store.WriteVariantAsync(attachment.Hash, VariantOf(size), thumbnail, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "The thumbnails of attachment {AttachmentId} could not be asked for; it is found again later")]
    private static partial void LogNotRequested(ILogger logger, Exception exception, Guid attachmentId);

    [LoggerMessage(2, LogLevel.Information, "Attachment {AttachmentId} ({ContentType}, {Size} bytes) has no thumbnails: it cannot be read as a picture")]
    private static partial void LogFailed(ILogger logger, Guid attachmentId, string contentType, long size);
}
