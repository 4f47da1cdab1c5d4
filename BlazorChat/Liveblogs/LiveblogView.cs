using System.Linq.Expressions;
using BlazorChat.Data;

namespace BlazorChat.Liveblogs;

/// <summary>A liveblog as everybody sees it who may see it.</summary>
/// <param name="Revision">Number of its newest change.</param>
public sealed record LiveblogView(
    int Id, string Slug, string Title, LiveblogState State, long Revision, DateTime CreatedAt, DateTime? StartedAt, DateTime? ArchivedAt)
{
    internal static readonly Expression<Func<Liveblog, LiveblogView>> FromLiveblog = liveblog => new LiveblogView(
        liveblog.Id,
        liveblog.Slug,
        liveblog.Title,
        liveblog.State,
        liveblog.LastRevision,
        liveblog.CreatedAt,
        liveblog.StartedAt,
        liveblog.ArchivedAt);
}
