using Microsoft.AspNetCore.Http.Extensions;

namespace BlazorChat.Liveblogs.Syndication;

/// <summary>Whole addresses of what readers read, at the host where they ask.</summary>
internal static class ReaderAddress
{
    public static string Of(HttpRequest request, string path) =>
        UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, $"/{path}");

    public static string OfLiveblog(HttpRequest request, string slug) => Of(request, $"liveblogs/{slug}");

    public static string OfPost(HttpRequest request, string slug, int postId) => Of(request, $"liveblogs/{slug}/posts/{postId}");
}
