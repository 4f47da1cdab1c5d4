using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Liveblogs;

public sealed class LiveblogPost
{
    public const int MaxTitleLength = 160;

    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 20_000;

    public int Id { get; init; }

    public int LiveblogId { get; init; }

    public Liveblog? Liveblog { get; init; }

    /// <summary>The draft that it was published from. A draft becomes one post, even when it is published twice.</summary>
    public Guid DraftId { get; init; }

    /// <summary>The liveblog's revision at the newest change to this post.</summary>
    public long Revision { get; set; }

    /// <summary>The liveblog's revision at which it was published.</summary>
    public long FirstRevision { get; init; }

    public int AuthorId { get; init; }

    public ChatUser? Author { get; init; }

    /// <summary>Empty for a post without a headline.</summary>
    public required string Title { get; set; }

    public required string Markdown { get; set; }

    /// <summary>The sanitised rendering of <see cref="Markdown"/>, computed when it is written.</summary>
    public required string Html { get; set; }

    public IList<Attachment> Attachments { get; init; } = [];

    /// <summary>Whether it is shown before all others; at most one in a liveblog is.</summary>
    public bool IsPinned { get; set; }

    /// <summary>Whether the summary at the top lists it.</summary>
    public bool IsKeyEvent { get; set; }

    public DateTime PublishedAt { get; init; }

    public DateTime? EditedAt { get; set; }

    public DateTime? DeletedAt { get; set; }
}
