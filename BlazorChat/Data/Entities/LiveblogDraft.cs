namespace BlazorChat.Data.Entities;

/// <summary>
/// A post that nobody reads yet. Drafts are in a table of their own, so that no reader's query can meet one.
/// </summary>
public sealed class LiveblogDraft
{
    /// <summary>Chosen by whoever begins it.</summary>
    public Guid Id { get; init; }

    public int LiveblogId { get; init; }

    public Liveblog? Liveblog { get; init; }

    /// <summary>Who saved it last: the person whose right is checked when it is published, and whose name the post has.</summary>
    public int AuthorId { get; set; }

    public ChatUser? Author { get; init; }

    /// <summary>Empty for a post without a headline.</summary>
    public required string Title { get; set; }

    public required string Markdown { get; set; }

    public bool IsKeyEvent { get; set; }

    /// <summary>When it is to be published; null until somebody does.</summary>
    public DateTime? ScheduledFor { get; set; }

    public DateTime SavedAt { get; set; }
}
