using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Liveblogs;

public enum LiveblogState
{
    /// <summary>Only its editors see it.</summary>
    Draft = 0,

    /// <summary>Readers follow it.</summary>
    Live = 1,

    /// <summary>Readers find it, and it does not change any more.</summary>
    Archived = 2,
}

public sealed class Liveblog
{
    public const int MaxSlugLength = 80;
    public const int MaxTitleLength = 160;
    public const int MaxStandfirstLength = 400;

    public int Id { get; init; }

    /// <summary>The part of its address: lower-case letters, digits and single hyphens. It never changes.</summary>
    public required string Slug { get; init; }

    public required string Title { get; set; }

    /// <summary>A sentence or two under the title; empty for none.</summary>
    public string Standfirst { get; set; } = "";

    public LiveblogState State { get; set; }

    /// <summary>Number of the newest change to anything in it; 0 while it is empty. Gapless.</summary>
    public long LastRevision { get; set; }

    /// <summary>The revision at the newest change to the liveblog itself, like its title; 0 while there was none.</summary>
    public long HeadRevision { get; set; }

    public int CreatedById { get; init; }

    public ChatUser? CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; set; }

    public DateTime? ArchivedAt { get; set; }
}
