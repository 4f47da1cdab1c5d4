using BlazorChat.Channels.Layer;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorChat.Accounts.Sessions;

/// <summary>
/// Caches the tickets of sessions, also those of bots' keys, so that not every request reads the database. It is not used while events about
/// ended sessions may not arrive.
/// </summary>
internal sealed class SessionCache(IChannelLayer layer) : IDisposable
{
    private const int Capacity = 10_000;

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    /// <summary>An end is cached too, since a ticket that was read just before it may be put just after it.</summary>
    private static readonly TimeSpan EndedFreshness = TimeSpan.FromMinutes(1);

    private static readonly byte[] Ended = [];

    private readonly MemoryCache _tickets = new(new MemoryCacheOptions { SizeLimit = Capacity });
    private readonly Lock _gate = new();

    /// <summary>False when the database must be read.</summary>
    /// <param name="ticket">Null when the session has ended.</param>
    public bool TryGet(string sessionId, out byte[]? ticket)
    {
        var isKnown = _tickets.TryGetValue(sessionId, out ticket) && layer.State == LayerState.Connected;
        if (ReferenceEquals(ticket, Ended))
            ticket = null;
        return isKnown;
    }

    public void Put(string sessionId, byte[] ticket)
    {
        lock (_gate)
        {
            if (!_tickets.TryGetValue(sessionId, out byte[]? known) || known != Ended)
                Set(sessionId, ticket, Freshness);
        }
    }

    public void End(IEnumerable<string> sessionIds)
    {
        lock (_gate)
        {
            foreach (var sessionId in sessionIds)
                Set(sessionId, Ended, EndedFreshness);
        }
    }

    /// <summary>Removes all tickets, since events may have been lost.</summary>
    public void Clear() => _tickets.Clear();

    public void Dispose() => _tickets.Dispose();

    private void Set(string sessionId, byte[] ticket, TimeSpan time) =>
        _tickets.Set(sessionId, ticket, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = time });
}
