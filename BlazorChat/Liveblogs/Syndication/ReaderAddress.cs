using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Markup.Figures;
using Microsoft.AspNetCore.Http.Extensions;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>Absolute addresses of readers' pages, at the host of the request.</summary>
internal static class ReaderAddress
{
    public static string Of(HttpRequest request, string path) =>
        UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{path}");

    public static string OfLiveblog(HttpRequest request, string slug) => Of(request, $"liveblogs/{slug}");

    public static string OfPost(HttpRequest request, string slug, int postId) => Of(request, $"liveblogs/{slug}/posts/{postId}");

    /// <summary>The first picture of a post, as a JPEG, since other sites may not show WebP; null when it has none.</summary>
    /// <param name="html">The HTML of the post.</param>
    public static SharedPicture? OfPicture(HttpRequest request, string html)
    {
        if (FileFigures.FindPicture(html) is not var (address, width, height))
            return null;
        var size = ThumbnailSize.Large.Fit(width, height);
        return new SharedPicture(Of(request, $"{address}/{ThumbnailSize.Large.Width}.jpg"), size.Width, size.Height);
    }
}

/// <param name="Address">Absolute.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record SharedPicture(string Address, int Width, int Height);
