using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;

namespace BlazorChat.Accounts.Presence;

/// <summary>
/// Who is online or away, over all nodes. It is about accounts: who may see whom is decided by its callers. Nothing of it is stored; while the
/// layer is degraded, it knows the people of this node. A singleton; thread-safe.
/// </summary>
/// <example>
/// <code>
/// if (presence.IsWatching(personId, roomId))
///     return; // no push: the person sees the message
/// </code>
/// </example>
internal sealed class PresenceDirectory
{
    private readonly Dictionary<int, Subject> _subjects = [];
    private readonly HashSet<int> _changed = [];
    private readonly List<Action<IReadOnlyList<int>>> _followers = [];

    /// <summary>The states of those who are not offline, as of the last <see cref="Notify"/>.</summary>
    private readonly Dictionary<int, PresenceState> _states = [];
    private readonly Lock _gate = new();
    private readonly IChannelLayer _layer;
    private bool _mayAllHaveChanged;

    public PresenceDirectory(IChannelLayer layer, TimeProvider time)
    {
        _layer = layer;
        Here = new LocalPresence(time);
        Elsewhere = new RemotePresence(time, MarkChanged);
    }

    internal LocalPresence Here { get; }

    internal RemotePresence Elsewhere { get; }

    /// <summary>Adds a connection of a person or a bot until it is disposed.</summary>
    /// <param name="isActive">Whether it counts as activity of the person.</param>
    /// <param name="before">The connection that the same window had before; null for a new one.</param>
    public PresenceConnection Open(ClaimsPrincipal user, bool isActive = true, PresenceConnection? before = null) =>
        Here.Open(user.UserId, BotSession.Parse(user.SessionId) is not null, isActive, before);

    public PresenceState Find(int userId)
    {
        var here = Here.Find(userId)?.State ?? PresenceState.Offline;
        if (here == PresenceState.Online)
            return here;
        if (_layer.State == LayerState.Degraded)
            return here == PresenceState.Offline ? PresenceState.Unknown : here;
        var elsewhere = Elsewhere.Find(userId)?.State ?? PresenceState.Offline;
        return here > elsewhere ? here : elsewhere;
    }

    /// <summary>Whether the person was active within the last five minutes, on any node. False when it is unknown.</summary>
    public bool IsActive(int userId) => Find(userId) == PresenceState.Online;

    /// <summary>Whether the person is online or away. False when it is unknown.</summary>
    public bool IsConnected(int userId) => Find(userId) >= PresenceState.Away;

    /// <summary>
    /// Whether a window that has the focus shows the room, and the person was active in it within the last five minutes, on any node. False when it
    /// is unknown.
    /// </summary>
    public bool IsWatching(int userId, int roomId) =>
        Here.Find(userId)?.Rooms?.Contains(roomId) == true
        || (_layer.State == LayerState.Connected && Elsewhere.IsWatching(userId, roomId));

    /// <summary>The same for a thread, by the sequence of its first message. Who looks at a room sees the replies of its threads only in their own panes.</summary>
    public bool IsWatching(int userId, int roomId, long threadRoot)
    {
        var thread = new WatchedThread(roomId, threadRoot);
        return Here.Find(userId)?.Threads?.Contains(thread) == true || (_layer.State == LayerState.Connected && Elsewhere.IsWatching(userId, thread));
    }

    /// <summary>
    /// Calls back after the state of a person has changed, at most once a second, until the result is disposed. Called on any thread; it must not
    /// block or throw.
    /// </summary>
    public IDisposable Subscribe(int userId, Action changed)
    {
        var callback = new Callback(changed);
        // The nodes mark people under their lock, so nobody is looked up under this one.
        var state = Find(userId);
        lock (_gate)
        {
            if (!_subjects.TryGetValue(userId, out var subject))
                _subjects.Add(userId, subject = new Subject(state));
            subject.Callbacks.Add(callback);
            // The state may have changed since it was read.
            _changed.Add(userId);
        }

        return new OnDispose(() =>
        {
            lock (_gate)
            {
                if (_subjects.TryGetValue(userId, out var subject) && subject.Callbacks.Remove(callback) && subject.Callbacks.Count == 0)
                    _subjects.Remove(userId);
            }
        });
    }

    /// <summary>
    /// Calls back with everybody whose state has changed, at most once a second, until the result is disposed. Called on any thread; it must not
    /// block or throw.
    /// </summary>
    public IDisposable Follow(Action<IReadOnlyList<int>> changed)
    {
        lock (_gate)
            _followers.Add(changed);
        return new OnDispose(() =>
        {
            lock (_gate)
                _followers.Remove(changed);
        });
    }

    /// <summary>The state of everybody may have changed.</summary>
    internal void MarkAllChanged()
    {
        lock (_gate)
            _mayAllHaveChanged = true;
    }

    internal void MarkChanged(int userId)
    {
        lock (_gate)
            _changed.Add(userId);
    }

    /// <summary>Calls the subscribers of people whose state has changed since the previous call. Calls do not overlap.</summary>
    internal void Notify()
    {
        var callbacks = new List<Callback>();
        var changed = new List<int>();
        foreach (var userId in DrainChanged())
        {
            var state = Find(userId);
            lock (_gate)
            {
                if (SetState(userId, state))
                    changed.Add(userId);
                if (!_subjects.TryGetValue(userId, out var subject) || subject.State == state)
                    continue;
                subject.State = state;
                callbacks.AddRange(subject.Callbacks);
            }
        }

        foreach (var callback in callbacks)
            callback.Changed();
        if (changed.Count == 0)
            return;
        foreach (var follower in FollowersNow())
            follower(changed);
    }

    private bool SetState(int userId, PresenceState state)
    {
        if (_states.GetValueOrDefault(userId, PresenceState.Offline) == state)
            return false;
        if (state == PresenceState.Offline)
            _states.Remove(userId);
        else
            _states[userId] = state;
        return true;
    }

    private Action<IReadOnlyList<int>>[] FollowersNow()
    {
        lock (_gate)
            return [.. _followers];
    }

    private int[] DrainChanged()
    {
        lock (_gate)
        {
            int[] people = [.. _mayAllHaveChanged ? _changed.Union(_subjects.Keys).Union(_states.Keys) : _changed];
            _changed.Clear();
            _mayAllHaveChanged = false;
            return people;
        }
    }

    private sealed class Subject(PresenceState state)
    {
        public PresenceState State { get; set; } = state;

        public List<Callback> Callbacks { get; } = new(1);
    }

    /// <summary>Each one is different, also with the same delegate.</summary>
    private sealed class Callback(Action changed)
    {
        public void Changed() => changed();
    }
}
