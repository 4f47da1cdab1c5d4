using BlazorChat.Common.Search;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Markup;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>Writes the posts of liveblogs into the index. Those of a draft are found by its editors only.</summary>
internal sealed class LiveblogSearchFollower(IDbContextFactory<ChatDbContext> databases, TimeProvider time, ILogger<LiveblogSearchFollower> logger)
    : SearchFollower(databases, SearchKind.Post, time, logger)
{
    /// <summary>The words of a post, as they are searched and shown in results.</summary>
    public static string TextOf(string title, string html) =>
        string.Join('\n', new[] { title, HtmlText.Read(html, int.MaxValue) }.Where(part => part.Length > 0));

    protected override IQueryable<SearchSource> Sources(ChatDbContext db) =>
        from liveblog in db.Liveblogs
        select new SearchSource { Id = liveblog.Id, Revision = liveblog.LastRevision, IsOpen = liveblog.State != LiveblogState.Draft };

    protected override async Task<IReadOnlyList<SearchChange>> ReadAsync(
        ChatDbContext db, SearchSource source, long afterRevision, int count, CancellationToken cancellationToken)
    {
        var posts = await db.LiveblogPosts.AsNoTracking()
            .Where(post => post.LiveblogId == source.Id && post.Revision > afterRevision)
            .OrderBy(post => post.Revision)
            .Take(count)
            .Select(post => new { post.Id, post.Revision, post.AuthorId, post.Title, post.Html, IsDeleted = post.DeletedAt != null })
            .ToListAsync(cancellationToken);
        return [.. posts.Select(post => new SearchChange(post.Id, post.Revision, post.IsDeleted ? null : TermsOf(source.Id, post.AuthorId, post.Title, post.Html)))];
    }

    private static IReadOnlyList<string> TermsOf(int liveblogId, int authorId, string title, string html)
    {
        var text = SearchText.Of(TextOf(title, html));
        return
        [
            .. text.Tokens.Select(token => token.Term),
            .. text.Identifiers.Select(token => token.Term),
            SearchTag.Source(liveblogId),
            SearchTag.Author(authorId),
        ];
    }
}
