using BlazorChat.Data.Entities;

namespace BlazorChat.Rooms.Mentions;

/// <summary>The rows of mentions that a transaction adds and removes.</summary>
internal sealed class MentionChanges
{
    // True to add the row, false to remove it.
    private readonly Dictionary<(int RoomId, long Sequence, MentionTarget Target), bool> _changes = [];
    private readonly HashSet<(int RoomId, MentionTarget Target)> _repeated = [];

    /// <summary>The rows to add.</summary>
    public IReadOnlyList<Mention> Added =>
    [
        .. _changes.Where(change => change.Value).Select(change => new Mention
        {
            RoomId = change.Key.RoomId,
            Sequence = change.Key.Sequence,
            UserId = change.Key.Target.PersonId,
            Kind = change.Key.Target.PersonId is null ? MentionKind.Room : MentionKind.Person,
        }),
    ];

    /// <summary>The rows to remove.</summary>
    public IEnumerable<(int RoomId, long Sequence, MentionTarget Target)> Removed => _changes.Where(change => !change.Value).Select(change => change.Key);

    /// <summary>The people whose mentions change, with the rooms.</summary>
    public IEnumerable<(int RoomId, MentionTarget Target)> Changed =>
        _changes.Keys.Select(change => (change.RoomId, change.Target)).Union(_repeated);

    /// <summary>Adds the difference between two versions of a message.</summary>
    /// <param name="message">The message. Its author is not mentioned by a row.</param>
    /// <param name="before">Its stored HTML; empty for a new message.</param>
    /// <param name="after">Its new HTML; empty for a deleted message.</param>
    public void Add(Message message, string before, string after)
    {
        if (!MentionHtml.HasMentions(before) && !MentionHtml.HasMentions(after))
            return;
        var (had, has) = (TargetsOf(message.AuthorId, before), TargetsOf(message.AuthorId, after));
        foreach (var target in has.Except(had))
            Change(message, target, isAdded: true);
        foreach (var target in had.Except(has))
            Change(message, target, isAdded: false);
    }

    /// <summary>Adds no row: the message was sent before, by a node that may have stopped before it published the mentions.</summary>
    public void Repeat(MessageView message) => _repeated.UnionWith(TargetsOf(message.AuthorId, message.Html).Select(target => (message.RoomId, target)));

    private static MentionTarget[] TargetsOf(int authorId, string html) =>
        [.. MentionHtml.FindMentions(html).Select(mention => mention.Target).Where(target => target.PersonId != authorId).Distinct()];

    private void Change(Message message, MentionTarget target, bool isAdded)
    {
        var key = (message.RoomId, message.Sequence, target);
        // An earlier write of the transaction made the opposite change.
        if (_changes.Remove(key, out var earlier) && earlier != isAdded)
            return;
        _changes[key] = isAdded;
    }
}
