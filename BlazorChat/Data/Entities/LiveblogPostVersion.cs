namespace BlazorChat.Data.Entities;

/// <summary>What a post said from one change to the next. It is for editors; readers see the newest alone.</summary>
public sealed class LiveblogPostVersion
{
    public int PostId { get; init; }

    public LiveblogPost? Post { get; init; }

    /// <summary>From 1 in its post, without holes.</summary>
    public int Number { get; init; }

    public required string Title { get; init; }

    /// <summary>Empty when this change deleted the post.</summary>
    public required string Markdown { get; init; }

    public int WrittenById { get; init; }

    public ChatUser? WrittenBy { get; init; }

    public DateTime WrittenAt { get; init; }
}
