using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Channels.Admission;
using BlazorChat.Common;
using BlazorChat.Common.Net;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Rooms.Links;
using BlazorChat.Rooms.Messages.Writing;
using BlazorChat.Rooms.Previews.Fetching;

namespace BlazorChat.Rooms.Previews;

/// <summary>
/// Looks up the links that are due, and shows what was found. Nodes share the rows: one looks an address up, and another one continues when that node
/// has stopped. A link that waits delays no other, nor does a host, or a person with many links.
/// </summary>
internal sealed partial class LinkDispatcher(
    LinkLookups lookups, PreviewFetcher fetcher, IAttachmentStore store, MessageWriter writer, TimeProvider time, ILogger<LinkDispatcher> logger)
{
    /// <summary>The delays after the first failed attempts; after the last one an address has nothing for a day.</summary>
    internal static readonly TimeSpan[] RetryDelays = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    /// <summary>Until a host that is busy may have time.</summary>
    private static readonly TimeSpan HostDelay = TimeSpan.FromSeconds(1);

    private readonly OncePerMinute _log = new(time);

    private readonly OpenLimit<string> _hosts = new(PageClient.MaxConnectionsPerHost, LinkRequests.MaxAtOnce);

    /// <summary>Shows what is known of links that are due, or looks one of them up.</summary>
    /// <returns>Whether there may be more to do.</returns>
    public async Task<bool> DispatchAsync(CancellationToken cancellationToken)
    {
        var due = await lookups.ReadDueAsync(cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        var known = due.Where(link => link.Lookup?.ExpiresAt > now).ToArray();
        if (known.Length > 0)
        {
            await ShowAsync(known, cancellationToken);
            return true;
        }

        List<string> busy = [];
        HashSet<int> checkedAuthors = [], hasty = [];
        foreach (var link in due.DistinctBy(link => link.Key))
        {
            using var entry = link.Lookup?.LeasedUntil > now ? null : _hosts.TryEnter(PublicHosts.NameOf(new Uri(link.Address)));
            if (entry is null)
            {
                busy.Add(link.Key);
                continue;
            }

            if (checkedAuthors.Add(link.AuthorId) && await lookups.IsOverLimitAsync(link.AuthorId, cancellationToken))
                hasty.Add(link.AuthorId);
            if (hasty.Contains(link.AuthorId) || await lookups.TryBeginAsync(link, cancellationToken) is not { } lease)
                continue;
            await DelayAsync(busy, hasty, cancellationToken);
            await LookUpAsync(link, lease, cancellationToken);
            return true;
        }

        await DelayAsync(busy, hasty, cancellationToken);
        return due.Count == LinkLookups.BatchSize;
    }

    private async Task DelayAsync(List<string> busy, HashSet<int> hasty, CancellationToken cancellationToken)
    {
        await lookups.DelayAsync(busy, HostDelay, cancellationToken);
        await lookups.DelayAsync(hasty, cancellationToken);
    }

    private async Task LookUpAsync(DueLink link, LookupLease lease, CancellationToken cancellationToken)
    {
        try
        {
            // One more attempt than those that failed: the others have stopped their nodes.
            if (lease.Attempts > RetryDelays.Length + 1)
                throw new FetchException("no attempt ended");
            var page = await FetchAsync(link, cancellationToken);
            if (page.Picture is not null && !await lookups.HasRoomAsync(page.Picture, cancellationToken))
                page = page with { Picture = null };
            var hash = await StoreAsync(page.Picture, cancellationToken);
            if (!await lookups.FinishAsync(lease, Describe(page, hash), cancellationToken))
                return;
            // A clean-up may have removed the same file of an earlier preview before the row of this one was there.
            if (hash is not null && !IsStored(hash))
                await StoreAsync(page.Picture, cancellationToken);
        }
        catch (FetchException failure)
        {
            LogNothing(logger, failure.Message, lease.Attempts);
            if (failure.MayPass && lease.Attempts <= RetryDelays.Length)
            {
                await lookups.RetryAsync(lease, RetryDelays[lease.Attempts - 1], cancellationToken);
                return;
            }

            if (!await lookups.FinishAsync(lease, null, cancellationToken))
                return;
        }

        while (await lookups.ReadWaitingAsync(lease.Key, cancellationToken) is { Count: > 0 } waiting && waiting[0].Lookup?.ExpiresAt is not null)
            await ShowAsync(waiting, cancellationToken);
    }

    /// <summary>A page that this server fails at has no preview, as one that fails itself.</summary>
    private async Task<FoundPage> FetchAsync(DueLink link, CancellationToken cancellationToken)
    {
        try
        {
            return await fetcher.FetchAsync(new Uri(link.Address), cancellationToken);
        }
        catch (Exception exception) when (exception is not FetchException && !cancellationToken.IsCancellationRequested)
        {
            // The message of an exception may have an address.
            var type = exception.GetType().Name;
            if (_log.TryCount(out var count))
                LogFailed(logger, count, type, exception.StackTrace);
            throw new FetchException(type);
        }
    }

    private bool IsStored(byte[] hash)
    {
        using var content = store.OpenRead(hash);
        return content is not null;
    }

    /// <returns>The hash of the file; null for no picture.</returns>
    private async Task<byte[]?> StoreAsync(ScaledPicture? picture, CancellationToken cancellationToken)
    {
        if (picture is null)
            return null;
        using var content = await store.ReceiveAsync(new MemoryStream(picture.WebP), picture.WebP.Length, cancellationToken);
        await store.StoreAsync(content, cancellationToken);
        return content.Hash;
    }

    private LinkPreview Describe(FoundPage page, byte[]? pictureHash) => new()
    {
        Id = Guid.NewGuid(),
        Title = page.Title,
        Text = page.Text,
        Site = page.Site,
        PictureHash = pictureHash,
        PictureWidth = page.Picture?.Width ?? 0,
        PictureHeight = page.Picture?.Height ?? 0,
        CreatedAt = time.GetUtcNow().UtcDateTime,
    };

    /// <summary>Ends the wait of links whose addresses were looked up. Those of many messages are written in one transaction.</summary>
    private async Task ShowAsync(IReadOnlyList<DueLink> links, CancellationToken cancellationToken)
    {
        var previews = await lookups.ReadAsync([.. links.Select(link => link.Lookup!.PreviewId).OfType<Guid>().Distinct()], cancellationToken);
        await lookups.SettleAsync([.. links.Where(link => Find(link) is null).Select(link => link.Key).Distinct()], cancellationToken);
        await Task.WhenAll(links.Where(link => Find(link) is not null).Select(link => ShowAsync(link, Find(link)!, cancellationToken)));

        LinkPreview? Find(DueLink link) => link.Lookup!.PreviewId is { } id ? previews.GetValueOrDefault(id) : null;
    }

    private async Task ShowAsync(DueLink link, LinkPreview found, CancellationToken cancellationToken)
    {
        var preview = new PreviewView(found.Id, link.Address, found.Title, found.Text, found.Site, found.PictureWidth, found.PictureHeight);
        try
        {
            await writer.ApplyAsync(new PreviewChange(link.RoomId, link.Sequence, link.Key, preview), cancellationToken);
        }
        catch (RefusedException)
        {
            // The message is removed with its room.
            await lookups.SettleAsync(link, cancellationToken);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "{Count} links could not be looked up because of a fault, such as {Type}{Trace}")]
    private static partial void LogFailed(ILogger logger, long count, string type, string? trace);

    [LoggerMessage(1, LogLevel.Debug, "A link has no preview: {Reason} (attempt {Attempt})")]
    private static partial void LogNothing(ILogger logger, string reason, int attempt);
}
