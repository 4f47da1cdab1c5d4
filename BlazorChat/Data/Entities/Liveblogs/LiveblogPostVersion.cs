using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Liveblogs;

/// <summary>One version of a post's text. Editors see all versions, readers only the newest.</summary>
public sealed class LiveblogPostVersion
{
    public int PostId { get; init; }

    public LiveblogPost? Post { get; init; }

    /// <summary>The number of the version: 1, 2, 3 and so on within its post.</summary>
    public int Number { get; init; }

    public required string Title { get; init; }

    /// <summary>Empty when this change deleted the post.</summary>
    public required string Markdown { get; init; }

    public int WrittenById { get; init; }

    public ChatUser? WrittenBy { get; init; }

    public DateTime WrittenAt { get; init; }
}
