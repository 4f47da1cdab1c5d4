using System.Globalization;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>
/// Caches what anonymous readers receive, rendered once for each revision, language and version of the site on a node. Every request reads the revision by one light query, so an entry
/// is never out of date, even while Redis or other nodes are down. Pages of signed-in readers are not cached.
/// </summary>
internal sealed class LiveblogCache(IDbContextFactory<ChatDbContext> databases, CurrentSite site) : IOutputCachePolicy
{
    public const string Policy = "liveblog";

    /// <summary>Bytes of rendered pages on a node; the least recently used are evicted.</summary>
    public const long SizeLimit = 64 * 1024 * 1024;

    private static readonly TimeSpan Expiration = TimeSpan.FromMinutes(10);

    /// <summary>Part of the ETag, because another build may render the same revision differently.</summary>
    private static readonly string Build = typeof(LiveblogCache).Module.ModuleVersionId.ToString("N")[..8];

    /// <summary>The id in the query before which older posts or liveblogs are requested; null when it is missing or no number.</summary>
    public static int? ReadBefore(IQueryCollection query) =>
        int.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null;

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        if (!(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) || http.User.IsSignedIn)
            return;
        if (await FindVersionAsync(http.Request.RouteValues["slug"] as string, cancellation) is not { } revision)
            return;
        // The page has the name and the logo of the site.
        var version = $"{revision}-{site.View.Version}";
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Expiration;
        // The rest of the query is ignored, so it makes no other entry.
        context.CacheVaryByRules.VaryByValues["version"] = $"{version} {SiteLanguages.Current} {ReadBefore(http.Request.Query)}";
        SetValidators(http.Response, version);
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (!IsShared(context.HttpContext.Response))
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets browsers store a page and revalidate it.</summary>
    private static void SetValidators(HttpResponse response, string version)
    {
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Language, Cookie";
        // A weak tag: the protected state of a page has other bytes on each node.
        response.Headers.ETag = $"W/\"{Build}-{version}-{SiteLanguages.Current}\"";
        response.OnStarting(() =>
        {
            if (!IsShared(response) && response.StatusCode != StatusCodes.Status304NotModified)
                response.Headers.ETag = StringValues.Empty;
            return Task.CompletedTask;
        });
    }

    /// <summary>Whether the response is the same for all readers; a cookie is for one.</summary>
    private static bool IsShared(HttpResponse response) =>
        response.StatusCode == StatusCodes.Status200OK && response.Headers.SetCookie.Count == 0;

    /// <summary>The version of what anonymous readers see; null when the liveblog is not public.</summary>
    /// <param name="slug">The liveblog; null for lists of all liveblogs.</param>
    internal async Task<string?> FindVersionAsync(string? slug, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var liveblogs = LiveblogRights.Visible(db, LiveblogRights.Anonymous);
        if (slug is not null)
        {
            return await liveblogs
                .Where(liveblog => liveblog.Slug == slug)
                .Select(liveblog => new { liveblog.Id, liveblog.LastRevision })
                .SingleOrDefaultAsync(cancellationToken) is { } one ? $"{one.Id}-{one.LastRevision}" : null;
        }

        // A liveblog that starts changes the count, and any other change the sum.
        var all = await liveblogs
            .GroupBy(_ => 1)
            .Select(group => new { Count = group.Count(), Changes = group.Sum(liveblog => liveblog.LastRevision) })
            .SingleOrDefaultAsync(cancellationToken);
        return $"all-{all?.Count}-{all?.Changes}";
    }
}
