namespace BlazorChat.Data;

public sealed class LiveblogPost
{
    public const int MaxTitleLength = 160;

    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 20_000;

    public int Id { get; init; }

    public int LiveblogId { get; init; }

    public Liveblog? Liveblog { get; init; }

    /// <summary>The liveblog's revision at the newest change to this post.</summary>
    public long Revision { get; set; }

    public int AuthorId { get; init; }

    public ChatUser? Author { get; init; }

    /// <summary>Empty for a post without a headline.</summary>
    public required string Title { get; set; }

    public required string Markdown { get; set; }

    /// <summary>The sanitised rendering of <see cref="Markdown"/>, made once when it is written.</summary>
    public required string Html { get; set; }

    public DateTime PublishedAt { get; init; }

    public DateTime? EditedAt { get; set; }

    public DateTime? DeletedAt { get; set; }
}
