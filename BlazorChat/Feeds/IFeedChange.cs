namespace BlazorChat.Feeds;

/// <summary>
/// One change of a feed, complete and immutable. It is the event that the channel layer carries and what followers get, so it has an
/// <see cref="Channels.Layer.EventNameAttribute"/>.
/// </summary>
/// <example>
/// <code>
/// [EventName("board.note.changed")]
/// public sealed record NoteChanged(int FeedId, long Revision, long NoteId, string Text) : IFeedChange
/// {
///     long? IFeedChange.ItemId => NoteId;
/// }
/// </code>
/// </example>
public interface IFeedChange
{
    /// <summary>The id of the feed among those of its kind.</summary>
    int FeedId { get; }

    /// <summary>The revision of the change: 1, 2, 3 and so on within the feed. The database assigns it in the transaction of the change.</summary>
    long Revision { get; }

    /// <summary>
    /// The item of the feed that this changes. A later change to the same item supersedes this one: followers that come later get the later
    /// one alone. Null for a change that is never superseded.
    /// </summary>
    long? ItemId => null;
}
