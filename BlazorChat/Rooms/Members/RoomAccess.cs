using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>
/// Who follows which room on this node, so that a follow ends with the right to it: when another node says that the right to a
/// room has changed; when something may have been missed; and every second for as long as nodes cannot hear each other. The
/// database is asked for all of them at once.
/// </summary>
internal sealed class RoomAccess(
    IDbContextFactory<ChatDbContext> databases, NodeConnector consumers, IChannelLayer layer, TimeProvider time, ILogger<RoomAccess> logger)
    : ResyncService(layer, time, logger)
{
    /// <summary>Rooms that one question to the database names at most.</summary>
    private const int BatchSize = 500;

    private readonly Dictionary<int, List<Follow>> _follows = [];
    private readonly HashSet<int> _changed = [];
    private readonly Lock _gate = new();
    private bool _mustCheckAll;

    /// <summary>
    /// Notes that somebody begins to follow a room. To be called before their right to it is checked: what changes from then on
    /// is not missed. Disposing the result ends it.
    /// </summary>
    public Follow Enter(int userId, int roomId)
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
            _mustCheckAll = true;
        base.RequestResync();
    }

    private void RequestCheck(int roomId)
    {
        lock (_gate)
            _changed.Add(roomId);
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
        var may = members.Select(member => (member.RoomId, member.UserId)).ToHashSet();
        foreach (var follow in closed.Where(follow => !may.Contains((follow.RoomId, follow.UserId))))
            follow.End();
    }

    private Follow[] FollowsOf(IEnumerable<int> roomIds)
    {
        lock (_gate)
            return [.. roomIds.SelectMany(roomId => _follows.GetValueOrDefault(roomId) ?? [])];
    }

    private void Leave(Follow follow)
    {
        lock (_gate)
        {
            var others = _follows[follow.RoomId];
            others.Remove(follow);
            if (others.Count == 0)
                _follows.Remove(follow.RoomId);
        }
    }

    /// <summary>One reader of one room, for as long as they read.</summary>
    internal sealed class Follow(RoomAccess access, int userId, int roomId) : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();

        public int UserId { get; } = userId;

        public int RoomId { get; } = roomId;

        /// <summary>Cancelled when the reader may read no longer.</summary>
        public CancellationToken Ended => _ended.Token;

        public void End() => _ended.Cancel();

        // The source is not disposed: somebody may be about to cancel it, and without a timer it holds nothing.
        public void Dispose() => access.Leave(this);
    }
}

/// <summary>Brings one node the changes of who may read a room.</summary>
internal sealed class RoomAccessConsumer(Action<int> changed, Action gap) : NodeConsumer(gap), IHandle<RoomAccessChanged>
{
    protected override IEnumerable<string> Groups => [RoomGroups.Access];

    public ValueTask HandleAsync(RoomAccessChanged message, CancellationToken cancellationToken)
    {
        changed(message.RoomId);
        return ValueTask.CompletedTask;
    }
}
