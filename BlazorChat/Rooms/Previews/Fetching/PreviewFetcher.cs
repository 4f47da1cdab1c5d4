using System.Net;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common.Names;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Markup;
using BlazorChat.Rooms.Links;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Previews.Fetching;

/// <summary>What was found at an address.</summary>
internal sealed record FoundPage(string Title, string Text, string Site, ScaledPicture? Picture);

/// <summary>Reads a page and its picture, and cleans what they say.</summary>
internal sealed class PreviewFetcher(PageClient client, PictureScaler scaler, UploadQuota quota, IOptions<LinkPreviewOptions> options, TimeProvider time)
{
    /// <summary>Pixels of a picture that is stored: a card shows it in 96×72, on some screens with three pixels for one.</summary>
    private static readonly ThumbnailSize PictureSize = new(240) { MaxHeight = 240 };

    /// <summary>Looks an address up.</summary>
    /// <exception cref="FetchException">There is nothing to show.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<FoundPage> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.Timeout), time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var content = await client.ReadPageAsync(address, ending.Token);
            var found = PageClient.IsPage(content.ContentType) ? await ReadPageAsync(content, ending.Token)
                : content.ContentType.StartsWith("image/", StringComparison.Ordinal) ? await ReadPictureAsync(address, content.Address, ending.Token)
                : throw new FetchException("it is no page");
            // A page that is only half read because the node stops is no result.
            cancellationToken.ThrowIfCancellationRequested();
            return found;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new FetchException("timeout", mayPass: true);
        }
    }

    private async Task<FoundPage> ReadPageAsync(FetchedContent page, CancellationToken cancellationToken)
    {
        var head = PageHead.Read(PageText.Decode(page.Body, page.Charset), cancellationToken);
        if (head.IsForbidden)
            throw new FetchException("the page asks for no previews");
        var title = Clean(head.Title, LinkPreview.MaxTitleLength);
        if (title.Length == 0)
            throw new FetchException("the page has no title");
        var site = Clean(head.Site, LinkPreview.MaxSiteLength);
        return new FoundPage(
            title,
            Clean(head.Text, LinkPreview.MaxTextLength),
            site.Length > 0 ? site : HostOf(page.Address),
            await FindPictureAsync(head.FindPicture(page.Address), cancellationToken));
    }

    /// <summary>A picture that is no page has its file name as title.</summary>
    private async Task<FoundPage> ReadPictureAsync(Uri address, Uri found, CancellationToken cancellationToken)
    {
        var picture = await FindPictureAsync(found, cancellationToken) ?? throw new FetchException("it is no picture");
        var name = Clean(WebUtility.UrlDecode(address.Segments[^1].Trim('/')), LinkPreview.MaxTitleLength);
        return new FoundPage(name.Length > 0 ? name : HostOf(address), "", HostOf(found), picture);
    }

    /// <summary>A page whose picture fails in any way is shown without one.</summary>
    private async Task<ScaledPicture?> FindPictureAsync(Uri? address, CancellationToken cancellationToken)
    {
        if (address is null || quota.IsDiskLow)
            return null;
        try
        {
            var content = await client.ReadPictureAsync(address, cancellationToken);
            return await scaler.ScaleAsync(content.Body, PictureSize, cancellationToken);
        }
        catch (Exception exception) when (exception is FetchException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>One line of visible characters, none of which changes the direction of the text.</summary>
    private static string Clean(string? text, int maxLength) =>
        text is null ? "" : HtmlText.Shorten(NameText.Clean(string.Create(text.Length, text, (line, from) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = char.IsControl(from[i]) ? ' ' : from[i];
        })), maxLength);

    private static string HostOf(Uri address)
    {
        var host = address.IdnHost.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address.IdnHost[4..] : address.IdnHost;
        return HtmlText.Shorten(host, LinkPreview.MaxSiteLength);
    }
}
