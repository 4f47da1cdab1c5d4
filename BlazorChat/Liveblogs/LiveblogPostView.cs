using System.Linq.Expressions;
using BlazorChat.Data;

namespace BlazorChat.Liveblogs;

/// <summary>A post as everybody sees it; immutable, so one instance serves every reader of a node.</summary>
/// <param name="Title">Empty for a post without a headline.</param>
/// <param name="IsDeleted">What was written is gone then; only the number is left.</param>
public sealed record LiveblogPostView(
    int Id,
    long Revision,
    int AuthorId,
    string AuthorName,
    string Title,
    string Markdown,
    string Html,
    DateTime PublishedAt,
    DateTime? EditedAt,
    bool IsDeleted)
{
    internal static readonly Expression<Func<LiveblogPost, LiveblogPostView>> FromPost = post => new LiveblogPostView(
        post.Id,
        post.Revision,
        post.AuthorId,
        post.Author!.DisplayName,
        post.Title,
        post.Markdown,
        post.Html,
        post.PublishedAt,
        post.EditedAt,
        post.DeletedAt != null);
}
