using BlazorChat.Accounts;
using BlazorChat.Data;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>
/// Readers' pages are rendered once for each revision of their liveblog on a node. The revision is asked for each time, by one
/// light query, so that what is found is never out of date, whatever happened to Redis or to other nodes.
/// </summary>
internal sealed class LiveblogCache(IDbContextFactory<ChatDbContext> databases) : IOutputCachePolicy
{
    public const string Policy = "liveblog";

    /// <summary>Bytes of rendered pages on a node; the least used go first.</summary>
    public const long SizeLimit = 64 * 1024 * 1024;

    private static readonly TimeSpan Expiration = TimeSpan.FromMinutes(10);

    /// <summary>Another build may render the same revision in another way.</summary>
    private static readonly string Build = typeof(LiveblogCache).Module.ModuleVersionId.ToString("N")[..8];

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return;
        if (request.RouteValues["slug"] is not string slug || await FindVersionAsync(context.HttpContext, slug, cancellation) is not { } version)
            return;
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Expiration;
        context.CacheVaryByRules.QueryKeys = "before";
        context.CacheVaryByRules.VaryByValues["version"] = version;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        // A cookie is for whoever asked.
        var response = context.HttpContext.Response;
        if (response.StatusCode != StatusCodes.Status200OK || response.Headers.SetCookie.Count > 0)
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets browsers keep a page and ask whether it still is the newest.</summary>
    public static void Mark(HttpResponse response, LiveblogView liveblog, bool isEditor)
    {
        response.Headers.CacheControl = isEditor || response.HttpContext.User.IsSignedIn ? "private, no-cache" : "no-cache";
        if (!isEditor && !response.HttpContext.User.IsSignedIn)
            response.Headers.ETag = $"\"{Build}-{liveblog.Id}-{liveblog.Revision}\"";
    }

    /// <summary>What a page for readers depends on; null for who gets a page of their own.</summary>
    private async Task<string?> FindVersionAsync(HttpContext http, string slug, CancellationToken cancellationToken)
    {
        var reader = http.User;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var liveblog = await db.Liveblogs
            .Where(liveblog => liveblog.Slug == slug && liveblog.State != LiveblogState.Draft)
            .Select(liveblog => new { liveblog.Id, liveblog.LastRevision })
            .SingleOrDefaultAsync(cancellationToken);
        if (liveblog is null || (reader.IsSignedIn && await LiveblogRights.IsEditorAsync(db, reader, liveblog.Id, cancellationToken)))
            return null;
        return $"{liveblog.LastRevision} {reader.IsSignedIn}";
    }
}
