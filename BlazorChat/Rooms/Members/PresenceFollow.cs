using BlazorChat.Common;

namespace BlazorChat.Rooms.Members;

/// <summary>One follower of presence, and what it has not received yet: the newest state of each person. Thread-safe.</summary>
/// <param name="readerId">The person who follows.</param>
/// <param name="roomId">Only members of this room; null for all rooms of the reader.</param>
internal sealed class PresenceFollow(int readerId, int? roomId)
{
    private readonly Dictionary<int, MemberPresence> _changes = [];
    private readonly Signal _hasChanged = new();
    private readonly Lock _gate = new();
    private bool _isStale = true;

    public int ReaderId { get; } = readerId;

    public int? RoomId { get; } = roomId;

    /// <summary>Whether the reader needs the whole list, as at first.</summary>
    public bool IsStale
    {
        get
        {
            lock (_gate)
                return _isStale;
        }
    }

    /// <summary>Adds changes. A reader with too many of them gets the whole list instead.</summary>
    public void Add(IEnumerable<MemberPresence> people)
    {
        lock (_gate)
        {
            foreach (var person in people)
                _changes[person.UserId] = person;
            if (_changes.Count == 0)
                return;
            if (_changes.Count > RoomPresence.MaxPeople)
            {
                _changes.Clear();
                _isStale = true;
            }
        }

        _hasChanged.Set();
    }

    public void MarkStale()
    {
        lock (_gate)
            _isStale = true;
        _hasChanged.Set();
    }

    /// <summary>Completes when there is something to receive.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (!HasAny())
            await _hasChanged.WaitAsync(cancellationToken);
    }

    /// <summary>True when the whole list must be read now, which has all changes so far.</summary>
    public bool ResetStale()
    {
        lock (_gate)
        {
            if (!_isStale)
                return false;
            _isStale = false;
            _changes.Clear();
            return true;
        }
    }

    /// <summary>The changes, by the ids of people.</summary>
    public IReadOnlyList<MemberPresence> DrainChanges()
    {
        lock (_gate)
        {
            MemberPresence[] changes = [.. _changes.Values.OrderBy(person => person.UserId)];
            _changes.Clear();
            return changes;
        }
    }

    private bool HasAny()
    {
        lock (_gate)
            return _isStale || _changes.Count > 0;
    }
}
