namespace BlazorChat.Notifications.Outbox;

/// <summary>
/// Bounds what is sent at once, to each push service and in all, so that a service that does not answer delays no other. One that fails gets one message
/// at a time, with growing pauses. Thread-safe.
/// </summary>
internal sealed class PushThrottle(TimeProvider time)
{
    /// <summary>
    /// More than the connections of the sender to a host: on a busy SQLite each transaction waits for its turn, so many messages share a lease.
    /// </summary>
    public const int MaxPerHost = 64;

    public const int MaxInAll = 256;

    /// <summary>Failures in a row after which a service is paused.</summary>
    internal const int MaxFailures = 3;

    /// <summary>Beyond it, services without a message under way are forgotten.</summary>
    private const int MaxHosts = 1024;

    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, HostState> _hosts = [];
    private readonly Lock _gate = new();
    private int _inFlight;

    /// <summary>The services that get nothing now.</summary>
    public IReadOnlyList<string> Closed
    {
        get
        {
            lock (_gate)
                return [.. _hosts.Where(host => SpaceIn(host.Value) == 0).Select(host => host.Key)];
        }
    }

    /// <summary>The number of messages that may be begun now.</summary>
    public int Space
    {
        get
        {
            lock (_gate)
                return MaxInAll - _inFlight;
        }
    }

    /// <summary>The number of messages that may be begun now to one service.</summary>
    public int SpaceFor(string host)
    {
        lock (_gate)
            return Math.Min(MaxInAll - _inFlight, _hosts.TryGetValue(host, out var state) ? SpaceIn(state) : MaxPerHost);
    }

    public void Begin(string host)
    {
        lock (_gate)
        {
            if (!_hosts.TryGetValue(host, out var state))
                _hosts.Add(host, state = new HostState());
            state.InFlight++;
            _inFlight++;
        }
    }

    /// <param name="host">The service.</param>
    /// <param name="isFailure">Whether it could not be reached, asked to wait, or was slow.</param>
    public void End(string host, bool isFailure)
    {
        lock (_gate)
        {
            var state = _hosts[host];
            state.InFlight--;
            _inFlight--;
            Count(state, isFailure);

            if (state is { InFlight: 0, Failures: 0 } || (state.InFlight == 0 && _hosts.Count > MaxHosts))
                _hosts.Remove(host);
        }
    }

    private void Count(HostState state, bool isFailure)
    {
        if (!isFailure)
            state.Failures = 0;
        // Those that were under way when the pause began fail for the same reason.
        else if (state.PausedUntil <= time.GetUtcNow() && ++state.Failures >= MaxFailures)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(MaxPause.TotalSeconds, 1 << Math.Min(state.Failures - MaxFailures, 10)));
            state.PausedUntil = time.GetUtcNow() + pause;
        }
    }

    private int SpaceIn(HostState state)
    {
        if (state.Failures >= MaxFailures)
            return state.InFlight == 0 && state.PausedUntil <= time.GetUtcNow() ? 1 : 0;
        // A host gets more when half of its messages have ended, so that several messages share a lease.
        return state.InFlight <= MaxPerHost / 2 ? MaxPerHost - state.InFlight : 0;
    }

    private sealed class HostState
    {
        public int InFlight { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset PausedUntil { get; set; }
    }
}
