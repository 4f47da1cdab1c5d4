using System.Globalization;
using System.Text;
using System.Xml;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Layout;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>What search engines may find: <c>/sitemap.xml</c> (sitemaps.org) names every liveblog that strangers may read, and <c>/robots.txt</c> names it.</summary>
internal static class SitemapEndpoint
{
    private const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false) };

    public static void MapSitemap(this WebApplication app)
    {
        app.MapRead("/sitemap.xml", WriteAsync).CacheOutput(LiveblogCache.Policy);
        app.MapRead("/robots.txt", (HttpRequest request) => TypedResults.Text(
            $"User-agent: *\nDisallow: /account/\n\nSitemap: {ReaderAddress.Of(request, "sitemap.xml")}\n"));
    }

    private static async Task<IResult> WriteAsync(HttpRequest request, LiveblogDirectory liveblogs, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            xml.WriteStartElement("urlset", Namespace);
            foreach (var (slug, changedAt) in await liveblogs.ListPublicAsync(cancellationToken))
            {
                xml.WriteStartElement("url", Namespace);
                xml.WriteElementString("loc", Namespace, ReaderAddress.OfLiveblog(request, slug));
                xml.WriteElementString("lastmod", Namespace, changedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return TypedResults.Bytes(bytes.ToArray(), "application/xml; charset=utf-8");
    }
}
