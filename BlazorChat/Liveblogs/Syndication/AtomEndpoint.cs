using System.Globalization;
using System.ServiceModel.Syndication;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Layout;
using BlazorChat.Liveblogs.Posts;
using BlazorChat.Markup.Embeds;
using BlazorChat.Markup.Figures;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>The newest posts of a liveblog as an Atom feed (RFC 4287), for anonymous readers: a draft has none.</summary>
internal static class AtomEndpoint
{
    public const string ContentType = "application/atom+xml";

    public static void MapAtom(this WebApplication app) =>
        app.MapRead("/liveblogs/{slug}/feed.atom", WriteAsync).CacheOutput(LiveblogCache.Policy);

    private static async Task<IResult> WriteAsync(
        string slug, HttpRequest request, LiveblogDirectory liveblogs, LiveblogPosts posts, CancellationToken cancellationToken)
    {
        if (await liveblogs.FindAsync(LiveblogRights.Anonymous, slug, cancellationToken) is not { } liveblog)
            return TypedResults.NotFound();
        var page = await posts.ReadAsync(LiveblogRights.Anonymous, liveblog.Id, null, cancellationToken);
        return XmlContent.Write(ContentType, CreateFeed(page, request).SaveAsAtom10);
    }

    private static SyndicationFeed CreateFeed(LiveblogSnapshot page, HttpRequest request)
    {
        var liveblog = page.Liveblog;
        var feed = new SyndicationFeed(page.AllPosts.Select(post => CreateItem(liveblog, post, request)))
        {
            Id = Id(liveblog, request, ""),
            Title = new TextSyndicationContent(XmlContent.Clean(liveblog.Title)),
            BaseUri = new Uri(ReaderAddress.Of(request, "")),
            LastUpdatedTime = page.ChangedAt,
        };
        if (liveblog.Standfirst.Length > 0)
            feed.Description = new TextSyndicationContent(XmlContent.Clean(liveblog.Standfirst));
        var address = ReaderAddress.OfLiveblog(request, liveblog.Slug);
        feed.Links.Add(SyndicationLink.CreateSelfLink(new Uri($"{address}/feed.atom"), ContentType));
        feed.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(address), "text/html"));
        return feed;
    }

    private static SyndicationItem CreateItem(LiveblogView liveblog, LiveblogPostView post, HttpRequest request)
    {
        var item = new SyndicationItem
        {
            Id = Id(liveblog, request, $"/posts/{post.Id}"),
            Title = new TextSyndicationContent(XmlContent.Clean(post.Headline)),
            Content = SyndicationContent.CreateHtmlContent(XmlContent.Clean(FileFigures.AsWhole(EmbedCards.AsLinks(post.Html), ReaderAddress.Of(request, "")))),
            PublishDate = post.PublishedAt,
            LastUpdatedTime = post.ChangedAt,
        };
        item.Authors.Add(new SyndicationPerson(null, XmlContent.Clean(post.AuthorName), null));
        item.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(ReaderAddress.OfPost(request, liveblog.Slug, post.Id)), "text/html"));
        return item;
    }

    /// <summary>A tag URI (RFC 4151), which does not change with the scheme or the port of the address.</summary>
    private static string Id(LiveblogView liveblog, HttpRequest request, string path) =>
        string.Create(CultureInfo.InvariantCulture, $"tag:{request.Host.Host},{liveblog.CreatedAt:yyyy-MM-dd}:liveblogs/{liveblog.Slug}{path}");
}
