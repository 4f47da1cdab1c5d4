using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Liveblogs;

/// <summary>
/// An unpublished post. Drafts have a table of their own, so that no query for readers can return one.
/// </summary>
public sealed class LiveblogDraft
{
    /// <summary>Chosen by the editor who starts it.</summary>
    public Guid Id { get; init; }

    public int LiveblogId { get; init; }

    public Liveblog? Liveblog { get; init; }

    /// <summary>The editor who saved it last: their right is checked when it is published, and the post has their name.</summary>
    public int AuthorId { get; set; }

    public ChatUser? Author { get; init; }

    /// <summary>Empty for a post without a headline.</summary>
    public required string Title { get; set; }

    public required string Markdown { get; set; }

    public bool IsKeyEvent { get; set; }

    /// <summary>When it is to be published; null when an editor publishes it.</summary>
    public DateTime? ScheduledFor { get; set; }

    public DateTime SavedAt { get; set; }
}
