namespace BlazorChat.Accounts.Presence;

/// <summary>Who is connected to this node, by their open connections. Thread-safe.</summary>
internal sealed class LocalPresence(TimeProvider time)
{
    /// <summary>A person without activity for so long is away.</summary>
    public static readonly TimeSpan AwayAfter = TimeSpan.FromMinutes(5);

    /// <summary>A person who connects again within this time was never gone.</summary>
    public static readonly TimeSpan DropGrace = TimeSpan.FromSeconds(15);

    private readonly Dictionary<int, Person> _people = [];
    private readonly Lock _gate = new();

    /// <summary>Adds a connection until it is disposed.</summary>
    /// <param name="isBot">Whether it is a bot's, which is never away.</param>
    /// <param name="isActive">Whether it counts as activity.</param>
    /// <param name="before">The connection that the same window had before; null for a new one.</param>
    public PresenceConnection Open(int userId, bool isBot, bool isActive, PresenceConnection? before = null)
    {
        lock (_gate)
        {
            if (!_people.TryGetValue(userId, out var person))
                _people.Add(userId, person = new Person(userId));
            var connection = new PresenceConnection(this, userId, isBot) { ActiveAt = before?.ActiveAt };
            if (isActive)
                person.ActiveAt = connection.ActiveAt = time.GetTimestamp();
            person.Open.Add(connection);
            return connection;
        }
    }

    /// <summary>The person as of now; null when they are not connected to this node.</summary>
    public PersonPresence? Find(int userId)
    {
        lock (_gate)
            return _people.TryGetValue(userId, out var person) ? Compute(person) : null;
    }

    /// <summary>Computes the state of everybody. Returns those whose state differs from the previous call.</summary>
    public IReadOnlyList<PersonPresence> Refresh()
    {
        var changes = new List<PersonPresence>();
        lock (_gate)
        {
            foreach (var person in _people.Values)
            {
                var now = Compute(person);
                if (now is null)
                    _people.Remove(person.Id);
                if (now is null ? person.Published is null : now.IsSameAs(person.Published))
                    continue;
                person.Published = now;
                changes.Add(now ?? new PersonPresence(person.Id, PresenceState.Offline));
            }
        }

        return changes;
    }

    /// <summary>Everybody as of the last <see cref="Refresh"/>.</summary>
    public IReadOnlyList<PersonPresence> List()
    {
        lock (_gate)
            return [.. _people.Values.Select(person => person.Published).OfType<PersonPresence>()];
    }

    internal void Touch(PresenceConnection connection)
    {
        lock (_gate)
        {
            if (_people.TryGetValue(connection.UserId, out var person))
                person.ActiveAt = connection.ActiveAt = time.GetTimestamp();
        }
    }

    internal void Close(PresenceConnection connection)
    {
        lock (_gate)
        {
            if (!_people.TryGetValue(connection.UserId, out var person) || !person.Open.Remove(connection) || person.Open.Count > 0)
                return;
            person.DroppedAt = time.GetTimestamp();
            person.LastState = StateOf(person, isBot: connection.IsBot);
        }
    }

    private PersonPresence? Compute(Person person)
    {
        if (person.Open.Count == 0)
            return time.GetElapsedTime(person.DroppedAt) < DropGrace ? person.As(person.LastState, null, null) : null;
        var state = StateOf(person, person.Open.Exists(connection => connection.IsBot));
        return state == PresenceState.Online ? person.As(state, RoomsOf(person), ThreadsOf(person)) : person.As(state, null, null);
    }

    private PresenceState StateOf(Person person, bool isBot) =>
        isBot || IsRecent(person.ActiveAt) ? PresenceState.Online : PresenceState.Away;

    private bool IsRecent(long? activeAt) => activeAt is { } at && time.GetElapsedTime(at) < AwayAfter;

    private int[]? RoomsOf(Person person) => person.Open switch
    {
        [var only] => RoomOf(only) is { } roomId ? [roomId] : null,
        var several => several.Select(RoomOf).OfType<int>().Distinct().Order().ToArray() is { Length: > 0 } rooms ? rooms : null,
    };

    private WatchedThread[]? ThreadsOf(Person person)
    {
        if (!person.Open.Exists(connection => connection.ThreadRoot is not null))
            return null;
        var threads = person.Open.Select(ThreadOf).OfType<WatchedThread>().Distinct().OrderBy(thread => thread.RoomId).ThenBy(thread => thread.Root).ToArray();
        return threads.Length > 0 ? threads : null;
    }

    private WatchedThread? ThreadOf(PresenceConnection connection) =>
        RoomOf(connection) is { } roomId && connection.ThreadRoot is { } root ? new WatchedThread(roomId, root) : null;

    /// <summary>The room that the person looks at in this window. A window that was left with the focus is not looked at from another device.</summary>
    private int? RoomOf(PresenceConnection connection) => IsRecent(connection.ActiveAt) ? connection.RoomId : null;

    private sealed class Person(int id)
    {
        public int Id { get; } = id;

        public List<PresenceConnection> Open { get; } = new(1);

        public long? ActiveAt { get; set; }

        public long DroppedAt { get; set; }

        public PresenceState LastState { get; set; }

        public PersonPresence? Published { get; set; }

        /// <summary>Mostly the published state, so that computing it allocates nothing.</summary>
        public PersonPresence As(PresenceState state, IReadOnlyList<int>? rooms, IReadOnlyList<WatchedThread>? threads) =>
            Published is { Rooms: null, Threads: null } known && known.State == state && rooms is null && threads is null
                ? known
                : new PersonPresence(Id, state, rooms) { Threads = threads };
    }
}
