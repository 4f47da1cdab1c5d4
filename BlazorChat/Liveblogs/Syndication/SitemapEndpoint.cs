using System.Globalization;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Layout;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>Serves search engines: <c>/sitemap.xml</c> (sitemaps.org) lists all public liveblogs, and <c>/robots.txt</c> names it.</summary>
internal static class SitemapEndpoint
{
    private const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    public static void MapSitemap(this WebApplication app)
    {
        app.MapRead("/sitemap.xml", WriteAsync).CacheOutput(LiveblogCache.Policy);
        app.MapRead("/robots.txt", (HttpRequest request) => TypedResults.Text(
            $"User-agent: *\nDisallow: /account/\n\nSitemap: {ReaderAddress.Of(request, "sitemap.xml")}\n"));
    }

    private static async Task<IResult> WriteAsync(HttpRequest request, LiveblogDirectory liveblogs, CancellationToken cancellationToken)
    {
        var entries = await liveblogs.ListPublicAsync(cancellationToken);
        return XmlContent.Write("application/xml", xml =>
        {
            xml.WriteStartElement("urlset", Namespace);
            foreach (var (slug, changedAt) in entries)
            {
                xml.WriteStartElement("url", Namespace);
                xml.WriteElementString("loc", Namespace, ReaderAddress.OfLiveblog(request, slug));
                xml.WriteElementString("lastmod", Namespace, changedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        });
    }
}
