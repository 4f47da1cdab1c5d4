using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Mentions;

/// <summary>The rows of mentions that a transaction adds and removes.</summary>
internal sealed class MentionChanges
{
    // True to add the row, false to remove it.
    private readonly Dictionary<(int RoomId, long Sequence, MentionTarget Target), bool> _changes = [];
    private readonly HashSet<(int RoomId, long Sequence, MentionTarget Target)> _repeated = [];

    /// <summary>The people whom <c>@here</c> mentions, by message.</summary>
    private readonly Dictionary<(int RoomId, long Sequence), IReadOnlyList<int>> _here = [];

    /// <summary>The rows to add.</summary>
    public IReadOnlyList<Mention> Added => [.. _changes.Where(change => change.Value).Select(change => RowOf(change.Key.RoomId, change.Key.Sequence, change.Key.Target))];

    /// <summary>The rows to remove.</summary>
    public IEnumerable<(int RoomId, long Sequence, MentionTarget Target)> Removed => _changes.Where(change => !change.Value).Select(change => change.Key);

    /// <summary>The people whose mentions change, with the rooms and the first message of the room that mentions them now; null when none does.</summary>
    public IEnumerable<MentionsChanged> Changed => _changes
        .Select(change => (change.Key.RoomId, change.Key.Sequence, change.Key.Target, IsAdded: change.Value))
        .Concat(_repeated.Select(mention => (mention.RoomId, mention.Sequence, mention.Target, IsAdded: true)))
        .GroupBy(change => (change.RoomId, change.Target.PersonId, Here: change.Target.IsHere && change.IsAdded ? change.Sequence : (long?)null))
        .Select(changes => new MentionsChanged(
            changes.Key.RoomId,
            changes.Key.PersonId,
            changes.Min(change => change is { IsAdded: true, Sequence: > 0 } ? change.Sequence : (long?)null),
            // Whom a removed @here has mentioned is not known without a query, so all members receive the event.
            changes.Key.Here is { } sequence ? _here[(changes.Key.RoomId, sequence)] : null));

    /// <summary>Adds the difference between two versions of a message.</summary>
    /// <param name="message">The message. Its author is not mentioned by a row.</param>
    /// <param name="had">Whom its stored text mentions.</param>
    /// <param name="has">Whom its new text mentions.</param>
    /// <param name="here">The people whom <c>@here</c> mentions when <paramref name="had"/> does not have it.</param>
    public void Add(Message message, IReadOnlyList<MentionTarget> had, IReadOnlyList<MentionTarget> has, IReadOnlyList<int> here)
    {
        foreach (var target in has.Where(target => target.PersonId != message.AuthorId && !had.Contains(target)))
            Change(message, target, isAdded: true, here);
        foreach (var target in had.Where(target => target.PersonId != message.AuthorId && !has.Contains(target)))
            Change(message, target, isAdded: false, here: []);
    }

    /// <summary>Adds no row: the message was sent before, by a node that may have stopped before it published the mentions.</summary>
    /// <param name="here">The people whom its <c>@here</c> mentions.</param>
    public void Repeat(MessageView message, IReadOnlyList<int> here)
    {
        _here.TryAdd((message.RoomId, message.Sequence), here);
        _repeated.UnionWith(MentionHtml.TargetsIn(message.Html)
            .Where(target => target.PersonId != message.AuthorId)
            .Select(target => (message.RoomId, message.Sequence, target)));
    }

    private void Change(Message message, MentionTarget target, bool isAdded, IReadOnlyList<int> here)
    {
        var key = (message.RoomId, message.Sequence, target);
        if (target.IsHere && isAdded)
            _here[(message.RoomId, message.Sequence)] = here;
        // An earlier write of the transaction made the opposite change.
        if (_changes.Remove(key, out var earlier) && earlier != isAdded)
            return;
        _changes[key] = isAdded;
    }

    private Mention RowOf(int roomId, long sequence, MentionTarget target) => new()
    {
        RoomId = roomId,
        Sequence = sequence,
        UserId = target.PersonId,
        Kind = target.Kind,
        Here = target.IsHere ? _here[(roomId, sequence)] : null,
    };
}
