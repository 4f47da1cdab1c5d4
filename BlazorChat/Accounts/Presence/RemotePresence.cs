namespace BlazorChat.Accounts.Presence;

/// <summary>
/// Who is connected to the other nodes, by what these publish. A node numbers its changes, so that a receiver detects a missing one, here or by the
/// next heartbeat, and asks for the whole list. Thread-safe.
/// </summary>
/// <param name="changed">Called with a person who may have another state, under the lock.</param>
internal sealed class RemotePresence(TimeProvider time, Action<int> changed)
{
    /// <summary>A node that has published nothing for so long is dead: several times the interval of heartbeats.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(25);

    private readonly Dictionary<string, RemoteNode> _nodes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The person as the other nodes know them; null when they are not connected there.</summary>
    public PersonPresence? Find(int userId)
    {
        lock (_gate)
        {
            PersonPresence? found = null;
            foreach (var node in _nodes.Values)
            {
                if (node.People.TryGetValue(userId, out var person) && (found is null || person.State > found.State))
                    found = person;
            }

            return found;
        }
    }

    /// <summary>Whether a window of the person that has the focus shows the room, on another node.</summary>
    public bool IsWatching(int userId, int roomId)
    {
        lock (_gate)
            return _nodes.Values.Any(node => node.People.TryGetValue(userId, out var person) && person.Rooms?.Contains(roomId) == true);
    }

    /// <summary>Whether a window of the person that has the focus shows the thread, on another node.</summary>
    public bool IsWatching(int userId, WatchedThread thread)
    {
        lock (_gate)
            return _nodes.Values.Any(node => node.People.TryGetValue(userId, out var person) && person.Threads?.Contains(thread) == true);
    }

    /// <returns>False when changes before this one are missing.</returns>
    public bool Apply(PresenceChanged message)
    {
        lock (_gate)
        {
            var node = Touch(message.Node);
            if (message.Version <= node.Version)
                return true;
            var isNext = message.Version == node.Version + 1 && node.IsComplete;
            if (isNext)
                node.Version = message.Version;
            foreach (var person in message.People)
                Set(node, person);
            return isNext;
        }
    }

    /// <returns>False when changes are missing.</returns>
    public bool Apply(PresenceAlive message)
    {
        lock (_gate)
        {
            var node = Touch(message.Node);
            return node.IsComplete && node.Version >= message.Version;
        }
    }

    /// <returns>False when parts before this one are missing.</returns>
    public bool Apply(PresenceListed message)
    {
        lock (_gate)
        {
            var node = Touch(message.Node);
            if (message.IsFirst)
                node.Incoming = (message.Version, []);
            if (node.Incoming is not { } incoming || incoming.Version != message.Version)
                return node.IsComplete && node.Version >= message.Version;
            foreach (var person in message.People)
                incoming.People[person.Id] = person;
            if (!message.IsLast)
                return true;
            node.Incoming = null;
            if (node.IsComplete && message.Version < node.Version)
                return true;
            foreach (var gone in node.People.Keys.Except(incoming.People.Keys).ToArray())
                Set(node, new PersonPresence(gone, PresenceState.Offline));
            foreach (var person in incoming.People.Values)
                Set(node, person);
            (node.Version, node.IsComplete) = (message.Version, true);
            return true;
        }
    }

    /// <summary>The people of the node are about to connect elsewhere, so they stay as long as after a drop of their connection.</summary>
    public void Apply(PresenceLeft message)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(message.Node, out var node))
                (node.LastSeenAt, node.Timeout) = (time.GetTimestamp(), LocalPresence.DropGrace);
        }
    }

    /// <summary>Removes the nodes that are dead or have left.</summary>
    public void RemoveSilent()
    {
        lock (_gate)
        {
            foreach (var (id, node) in _nodes)
            {
                if (time.GetElapsedTime(node.LastSeenAt) < node.Timeout)
                    continue;
                _nodes.Remove(id);
                foreach (var person in node.People.Keys)
                    changed(person);
            }
        }
    }

    /// <summary>The layer is connected again: no event of a node could arrive meanwhile.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            foreach (var node in _nodes.Values)
                node.LastSeenAt = time.GetTimestamp();
        }
    }

    private RemoteNode Touch(string id)
    {
        if (!_nodes.TryGetValue(id, out var node))
            _nodes.Add(id, node = new RemoteNode());
        node.LastSeenAt = time.GetTimestamp();
        return node;
    }

    private void Set(RemoteNode node, PersonPresence person)
    {
        if (person.State <= PresenceState.Offline)
            node.People.Remove(person.Id);
        else
            node.People[person.Id] = person;
        changed(person.Id);
    }

    private sealed class RemoteNode
    {
        public Dictionary<int, PersonPresence> People { get; } = [];

        public long Version { get; set; }

        /// <summary>Whether a whole list was received. A new node has everybody who connected from its start on.</summary>
        public bool IsComplete { get; set; }

        public (long Version, Dictionary<int, PersonPresence> People)? Incoming { get; set; }

        public long LastSeenAt { get; set; }

        public TimeSpan Timeout { get; set; } = RemotePresence.Timeout;
    }
}
