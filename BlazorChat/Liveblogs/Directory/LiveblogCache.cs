using System.Globalization;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace BlazorChat.Liveblogs.Directory;

/// <summary>
/// What strangers read is rendered once for each revision on a node. The revision is asked for each time, by one light query, so
/// that what is found is never out of date, whatever happened to Redis or to other nodes. Who is signed in gets pages of their own.
/// </summary>
internal sealed class LiveblogCache(IDbContextFactory<ChatDbContext> databases) : IOutputCachePolicy
{
    public const string Policy = "liveblog";

    /// <summary>Bytes of rendered pages on a node; the least used go first.</summary>
    public const long SizeLimit = 64 * 1024 * 1024;

    private static readonly TimeSpan Expiration = TimeSpan.FromMinutes(10);

    /// <summary>Another build may render the same revision in another way.</summary>
    private static readonly string Build = typeof(LiveblogCache).Module.ModuleVersionId.ToString("N")[..8];

    /// <summary>The post before which older ones are asked for; null for the newest ones, and for what is no number.</summary>
    public static int? ReadBefore(IQueryCollection query) =>
        int.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null;

    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var http = context.HttpContext;
        if (!(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) || http.User.IsSignedIn)
            return;
        if (await FindVersionAsync(http.Request.RouteValues["slug"] as string, cancellation) is not { } version)
            return;
        context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = context.AllowLocking = true;
        context.ResponseExpirationTimeSpan = Expiration;
        // Of the query, only what the page reads makes another page.
        context.CacheVaryByRules.VaryByValues["version"] = $"{version} {ReadBefore(http.Request.Query)}";
        Mark(http.Response, version);
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        if (!IsForEverybody(context.HttpContext.Response))
            context.AllowCacheStorage = false;
        return ValueTask.CompletedTask;
    }

    /// <summary>Lets browsers keep a page and ask whether it still is the newest.</summary>
    private static void Mark(HttpResponse response, string version)
    {
        response.Headers.CacheControl = "no-cache";
        // The same words in other bytes: each node protects the state of its pages by itself.
        response.Headers.ETag = $"W/\"{Build}-{version}\"";
        response.OnStarting(() =>
        {
            if (!IsForEverybody(response) && response.StatusCode != StatusCodes.Status304NotModified)
                response.Headers.ETag = StringValues.Empty;
            return Task.CompletedTask;
        });
    }

    /// <summary>A cookie is for whoever asked.</summary>
    private static bool IsForEverybody(HttpResponse response) =>
        response.StatusCode == StatusCodes.Status200OK && response.Headers.SetCookie.Count == 0;

    /// <summary>What strangers read of a liveblog changes with this; null when there is nothing.</summary>
    /// <param name="slug">Null for what is about all of them.</param>
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

        // Each that starts adds to their number, and each change to the sum.
        var all = await liveblogs
            .GroupBy(_ => 1)
            .Select(group => new { Count = group.Count(), Changes = group.Sum(liveblog => liveblog.LastRevision) })
            .SingleOrDefaultAsync(cancellationToken);
        return $"all-{all?.Count}-{all?.Changes}";
    }
}
