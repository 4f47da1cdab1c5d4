using System.Linq.Expressions;
using BlazorChat.Data.Entities.Liveblogs;

namespace BlazorChat.Liveblogs;

/// <summary>A liveblog, the same for everyone who may read it.</summary>
/// <param name="Standfirst">A sentence or two under the title; empty for none.</param>
/// <param name="Revision">The number of its newest change.</param>
/// <param name="HeadRevision">The number of the newest change to the liveblog itself, not to a post; 0 while there was none.</param>
public sealed record LiveblogView(
    int Id,
    string Slug,
    string Title,
    string Standfirst,
    LiveblogState State,
    long Revision,
    long HeadRevision,
    DateTime CreatedAt,
    DateTime? StartedAt,
    DateTime? ArchivedAt)
{
    internal static readonly Expression<Func<Liveblog, LiveblogView>> FromLiveblog = liveblog => new LiveblogView(
        liveblog.Id,
        liveblog.Slug,
        liveblog.Title,
        liveblog.Standfirst,
        liveblog.State,
        liveblog.LastRevision,
        liveblog.HeadRevision,
        liveblog.CreatedAt,
        liveblog.StartedAt,
        liveblog.ArchivedAt);
}
