using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>
/// Ends the follows of people who lose the right to a room. It checks all follows of a room, with few queries, when an event reports that rights
/// have changed; those of all rooms after a gap; and every second while the layer is degraded.
/// </summary>
internal sealed class RoomAccess(
    IDbContextFactory<ChatDbContext> databases, NodeConnector consumers, IChannelLayer layer, TimeProvider time, ILogger<RoomAccess> logger)
    : ResyncService(layer, time, logger)
{
    /// <summary>The most rooms in one query.</summary>
    private const int BatchSize = 500;

    private readonly Dictionary<int, List<Follow>> _follows = [];
    private readonly HashSet<int> _changed = [];
    private readonly Lock _gate = new();
    private bool _mustCheckAll;

    /// <summary>
    /// Registers a follow of a room, until the result is disposed. The caller registers before it checks the right, so that no later change is
    /// missed.
    /// </summary>
    public Follow Register(int userId, int roomId)
    {
        var follow = new Follow(this, userId, roomId);
        lock (_gate)
        {
            if (!_follows.TryGetValue(roomId, out var others))
                _follows.Add(roomId, others = []);
            others.Add(follow);
        }

        return follow;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = new RoomAccessConsumer(RequestCheck, RequestResync);
        await consumers.ConnectAsync(consumer, stoppingToken);
        await base.ExecuteAsync(stoppingToken);
    }

    protected override void RequestResync()
    {
        lock (_gate)
        {
            _mustCheckAll = true;
            foreach (var follow in _follows.Values.SelectMany(follows => follows))
                follow.Doubt();
        }

        base.RequestResync();
    }

    private void RequestCheck(int roomId)
    {
        lock (_gate)
        {
            _changed.Add(roomId);
            foreach (var follow in _follows.GetValueOrDefault(roomId) ?? [])
                follow.Doubt();
        }

        base.RequestResync();
    }

    protected override async Task ResyncAsync(CancellationToken cancellationToken)
    {
        int[] rooms;
        lock (_gate)
        {
            rooms = IsDegraded || _mustCheckAll ? [.. _follows.Keys] : [.. _changed.Where(_follows.ContainsKey)];
            _mustCheckAll = false;
            _changed.Clear();
        }

        foreach (var batch in rooms.Chunk(BatchSize))
            await CheckAsync(batch, cancellationToken);
    }

    private async Task CheckAsync(int[] roomIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await db.Rooms
            .Where(room => roomIds.Contains(room.Id) && room.Kind == RoomKind.Open)
            .Select(room => room.Id)
            .ToListAsync(cancellationToken);
        var closed = FollowsOf(roomIds.Except(open));
        if (closed.Length == 0)
            return;
        var userIds = closed.Select(follow => follow.UserId).Distinct().ToArray();
        var members = await db.Memberships
            .Where(membership => roomIds.Contains(membership.RoomId) && userIds.Contains(membership.UserId))
            .Select(membership => new { membership.RoomId, membership.UserId })
            .ToListAsync(cancellationToken);
        var allowed = members.Select(member => (member.RoomId, member.UserId)).ToHashSet();
        foreach (var follow in closed.Where(follow => !allowed.Contains((follow.RoomId, follow.UserId))))
            follow.End();
    }

    private Follow[] FollowsOf(IEnumerable<int> roomIds)
    {
        lock (_gate)
            return [.. roomIds.SelectMany(roomId => _follows.GetValueOrDefault(roomId) ?? [])];
    }

    private void Remove(Follow follow)
    {
        lock (_gate)
        {
            var others = _follows[follow.RoomId];
            others.Remove(follow);
            if (others.Count == 0)
                _follows.Remove(follow.RoomId);
        }
    }

    /// <summary>A reader of a room.</summary>
    internal sealed class Follow(RoomAccess access, int userId, int roomId) : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private int _doubts;
        private int _confirmed = -1;

        public int UserId { get; } = userId;

        public int RoomId { get; } = roomId;

        /// <summary>Cancelled when the reader loses the right to the room.</summary>
        public CancellationToken Ended => _ended.Token;

        public void End() => _ended.Cancel();

        /// <summary>
        /// Whether the right must be checked before a page is returned: a message that was written after it was lost may arrive before the event of the
        /// loss. A member of an open room loses it only when the room becomes private too, so such a right is checked again only after an event.
        /// </summary>
        /// <param name="doubts">Is passed to <see cref="Confirm"/> after the check.</param>
        public bool MustCheck(out int doubts)
        {
            doubts = Volatile.Read(ref _doubts);
            return Volatile.Read(ref _confirmed) != doubts || access.IsDegraded;
        }

        /// <summary>The reader is a member of an open room, unless an event has come since the check began.</summary>
        public void Confirm(int doubts) => Volatile.Write(ref _confirmed, doubts);

        internal void Doubt() => Interlocked.Increment(ref _doubts);

        // The source is not disposed: End may be running, and a source without a timer holds no resources.
        public void Dispose() => access.Remove(this);
    }
}

/// <summary>Receives changes of the right to read rooms, for one node.</summary>
internal sealed class RoomAccessConsumer(Action<int> changed, Action gap) : NodeConsumer(gap), IHandle<RoomAccessChanged>
{
    protected override IEnumerable<string> Groups => [RoomGroups.Access];

    public ValueTask HandleAsync(RoomAccessChanged message, CancellationToken cancellationToken)
    {
        changed(message.RoomId);
        return ValueTask.CompletedTask;
    }
}
