using System.ComponentModel;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using BlazorChat.Data.Entities;
using BlazorChat.Markup;

namespace BlazorChat.Liveblogs;

/// <summary>A post as everybody sees it; immutable, so one instance serves every reader of a node.</summary>
/// <param name="FirstRevision">The liveblog's revision at which it was published; <paramref name="Revision"/> is that of its newest change.</param>
/// <param name="Title">Empty for a post without a headline.</param>
/// <param name="IsDeleted">What was written is gone then; only the number is left.</param>
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

    /// <summary>What to call it where a headline is needed: its own, or how it begins.</summary>
    [JsonIgnore]
    public string Headline => Title.Length > 0 ? Title : HtmlText.Read(Html, MaxHeadline);

    /// <summary>When it was last written.</summary>
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

/// <summary>A run of posts as it was at a revision of its liveblog: follow on from there.</summary>
/// <param name="Liveblog">Read before the posts, so that what came between is read twice rather than missed.</param>
/// <param name="Posts">Newest first; without the pinned one.</param>
/// <param name="HasOlder">There are more before the last of them.</param>
/// <param name="Pinned">Null on pages of older posts too, and so are the key events none.</param>
/// <param name="KeyEvents">Newest first.</param>
public sealed record LiveblogSnapshot(
    LiveblogView Liveblog,
    IReadOnlyList<LiveblogPostView> Posts,
    bool HasOlder,
    LiveblogPostView? Pinned,
    IReadOnlyList<KeyEventView> KeyEvents)
{
    /// <summary>When what one reads here was last written; of an archived liveblog, when it ended.</summary>
    public DateTime ChangedAt => Posts.Append(Pinned).OfType<LiveblogPostView>().Select(post => (DateTime?)post.ChangedAt)
        .Append(Liveblog.StartedAt).Append(Liveblog.ArchivedAt).Max() ?? Liveblog.CreatedAt;
}
