using System.Security.Claims;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// The open connections of this node by the session of their users, so that all of them end with their session, whatever their entry point.
/// Connections of anonymous users are not registered. A singleton; thread-safe.
/// </summary>
public sealed class ConnectionRegistry(TimeProvider time)
{
    /// <summary>The claim of a signed-in user that names their session.</summary>
    public const string SessionClaim = "session_id";

    /// <summary>
    /// A connection may be authenticated just before its session ends and be tracked just after. So the end of a session is remembered
    /// for longer than a connection takes to open.
    /// </summary>
    private static readonly TimeSpan EndedRetention = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, List<Connection>> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _ended = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The ids of the sessions that have a connection on this node.</summary>
    public IReadOnlyList<string> SessionIds
    {
        get
        {
            lock (_gate)
                return [.. _open.Keys];
        }
    }

    /// <summary>Registers a connection, to be called back when its user's session ends, until the result is disposed.</summary>
    /// <param name="user">The user of the connection; an anonymous one is not registered.</param>
    /// <param name="ended">Called at most once, on any thread; within this call when the session has just ended. Must not block.</param>
    public IDisposable Track(ClaimsPrincipal user, Action ended)
    {
        var connection = new Connection(this, user.FindFirstValue(SessionClaim), ended);
        if (connection.SessionId is not { } sessionId)
            return connection;
        lock (_gate)
        {
            if (!_ended.ContainsKey(sessionId))
            {
                if (!_open.TryGetValue(sessionId, out var others))
                    _open.Add(sessionId, others = new List<Connection>(1));
                others.Add(connection);
                return connection;
            }
        }

        ended();
        return connection;
    }

    /// <summary>Calls back every connection of these sessions on this node, on the caller's thread.</summary>
    public void End(IEnumerable<string> sessionIds)
    {
        var ending = new List<Connection>();
        lock (_gate)
        {
            RemoveExpired();
            foreach (var sessionId in sessionIds)
            {
                _ended[sessionId] = time.GetTimestamp();
                if (_open.Remove(sessionId, out var connections))
                    ending.AddRange(connections);
            }
        }

        foreach (var connection in ending)
            connection.End();
    }

    private void RemoveExpired()
    {
        foreach (var sessionId in _ended.Where(ended => time.GetElapsedTime(ended.Value) > EndedRetention).Select(ended => ended.Key).ToArray())
            _ended.Remove(sessionId);
    }

    private void Remove(Connection connection)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(connection.SessionId!, out var connections))
                return;
            connections.Remove(connection);
            if (connections.Count == 0)
                _open.Remove(connection.SessionId!);
        }
    }

    private sealed class Connection(ConnectionRegistry connections, string? sessionId, Action ended) : IDisposable
    {
        public string? SessionId { get; } = sessionId;

        public void End() => ended();

        public void Dispose()
        {
            if (SessionId is not null)
                connections.Remove(this);
        }
    }
}
