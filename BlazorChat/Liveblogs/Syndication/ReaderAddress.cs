using BlazorChat.Markup;
using Microsoft.AspNetCore.Http.Extensions;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>Whole addresses of what readers read, at the host where they ask.</summary>
internal static class ReaderAddress
{
    public static string Of(HttpRequest request, string path) =>
        UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{path}");

    public static string OfLiveblog(HttpRequest request, string slug) => Of(request, $"liveblogs/{slug}");

    public static string OfPost(HttpRequest request, string slug, int postId) => Of(request, $"liveblogs/{slug}/posts/{postId}");

    /// <summary>The first picture of a post; null when it has none.</summary>
    /// <param name="html">What the post shows.</param>
    public static string? OfPicture(HttpRequest request, string html) => FileFigures.FindPicture(html) is { } path ? Of(request, path) : null;
}
