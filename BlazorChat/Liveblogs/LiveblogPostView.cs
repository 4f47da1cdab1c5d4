using System.ComponentModel;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Markup;

namespace BlazorChat.Liveblogs;

/// <summary>A post as its readers see it. It is immutable, so all readers of a node share one instance.</summary>
/// <param name="Revision">The liveblog's revision at the newest change to the post.</param>
/// <param name="FirstRevision">The liveblog's revision at which it was published.</param>
/// <param name="Title">Empty for a post without a headline.</param>
/// <param name="IsDeleted">Title and text are empty then.</param>
[ImmutableObject(true)]
public sealed record LiveblogPostView(
    int Id,
    long Revision,
    long FirstRevision,
    int AuthorId,
    string AuthorName,
    string Title,
    string Markdown,
    string Html,
    bool IsPinned,
    bool IsKeyEvent,
    DateTime PublishedAt,
    DateTime? EditedAt,
    bool IsDeleted)
{
    private const int MaxHeadline = 110;

    /// <summary>The title, or the beginning of the text.</summary>
    [JsonIgnore]
    public string Headline => Title.Length > 0 ? Title : HtmlText.Read(Html, MaxHeadline);

    /// <summary>When it was edited last, or published.</summary>
    [JsonIgnore]
    public DateTime ChangedAt => EditedAt ?? PublishedAt;

    internal static readonly Expression<Func<LiveblogPost, LiveblogPostView>> FromPost = post => new LiveblogPostView(
        post.Id,
        post.Revision,
        post.FirstRevision,
        post.AuthorId,
        post.Author!.DisplayName,
        post.Title,
        post.Markdown,
        post.Html,
        post.IsPinned,
        post.IsKeyEvent,
        post.PublishedAt,
        post.EditedAt,
        post.DeletedAt != null);
}

/// <summary>A line of the summary at the top.</summary>
public sealed record KeyEventView(int PostId, string Title, DateTime PublishedAt);

/// <summary>A page of posts at a revision of its liveblog, from which a reader can follow.</summary>
/// <param name="Liveblog">Read before the posts: a change in between is received twice rather than lost.</param>
/// <param name="Posts">Newest first, without the pinned post.</param>
/// <param name="HasOlder">Whether there are posts older than the last one.</param>
/// <param name="Pinned">Null on pages of older posts.</param>
/// <param name="KeyEvents">Newest first; empty on pages of older posts.</param>
public sealed record LiveblogSnapshot(
    LiveblogView Liveblog,
    IReadOnlyList<LiveblogPostView> Posts,
    bool HasOlder,
    LiveblogPostView? Pinned,
    IReadOnlyList<KeyEventView> KeyEvents)
{
    /// <summary>The posts and the pinned one, newest first.</summary>
    public IEnumerable<LiveblogPostView> AllPosts => Posts.Append(Pinned).OfType<LiveblogPostView>().OrderByDescending(post => post.Id);

    /// <summary>When a post was changed last; null without posts.</summary>
    public DateTime? PostsChangedAt => AllPosts.Max(post => (DateTime?)post.ChangedAt);

    /// <summary>When a post was changed last, or the liveblog started or ended.</summary>
    public DateTime ChangedAt => new[] { PostsChangedAt, Liveblog.StartedAt, Liveblog.ArchivedAt }.Max() ?? Liveblog.CreatedAt;
}
