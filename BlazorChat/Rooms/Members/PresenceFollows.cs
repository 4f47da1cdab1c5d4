using System.Runtime.CompilerServices;
using System.Security.Claims;
using BlazorChat.Accounts;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Statuses;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Members;

/// <summary>What a follower of presence receives.</summary>
/// <param name="IsComplete">Whether these are all who are connected; otherwise they are those who have changed.</param>
internal sealed record PresencePage(bool IsComplete, IReadOnlyList<MemberPresence> People);

/// <summary>
/// Publishes changes of presence and status to the followers who share a room with the person. All changes of a second are one page, and the
/// memberships of a page are read from the database by two queries for all followers of the node, so nobody receives changes of people who have left.
/// </summary>
internal sealed partial class PresenceFollows(
    IDbContextFactory<ChatDbContext> databases,
    RoomPresence lists,
    PresenceDirectory presence,
    NodeConnector consumers,
    CommandLimit commands,
    TimeProvider time,
    ILogger<PresenceFollows> logger)
    : BackgroundService
{
    /// <summary>The shortest time between two pages of a follower.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>All followers of a node see a gap at once; their reads are spread over this time.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    /// <summary>The most readers in one query.</summary>
    private const int BatchSize = 500;

    private readonly HashSet<PresenceFollow> _follows = [];
    private readonly HashSet<int> _changed = [];
    private readonly Signal _hasChanged = new();
    private readonly Lock _gate = new();

    /// <summary>
    /// All connected people who are in a room with the reader, and then their changes, until the token is cancelled. A page has at most
    /// <see cref="RoomPresence.MaxPeople"/> people, by their ids. Another complete page follows when changes may be missing.
    /// </summary>
    /// <param name="roomId">Only members of this room, of which the reader is one; null for all rooms of the reader.</param>
    /// <exception cref="RefusedException">There is no such room, the reader is not a member, or too many commands.</exception>
    public async Task<IAsyncEnumerable<PresencePage>> FollowAsync(ClaimsPrincipal reader, int? roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(reader);
        if (roomId is { } id)
            await lists.CheckMemberAsync(reader, id, cancellationToken);
        return PagesAsync(new PresenceFollow(reader.UserId, roomId), cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = new StatusConsumer(userId => Add([userId]), MarkStale);
        await consumers.ConnectAsync(consumer, stoppingToken);
        using var subscription = presence.Follow(Add);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _hasChanged.WaitAsync(stoppingToken);
                await DeliverAsync(stoppingToken);
                await Task.Delay(Interval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
                MarkStale();
            }
        }
    }

    private async IAsyncEnumerable<PresencePage> PagesAsync(PresenceFollow follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var registration = Register(follow);
        while (true)
        {
            // Changes from here on are collected, so that none is missed while the list is read.
            yield return follow.ResetStale()
                ? new PresencePage(true, await lists.ListSharedAsync(follow.ReaderId, follow.RoomId, cancellationToken))
                : new PresencePage(false, follow.DrainChanges());
            await Task.Delay(Interval, time, cancellationToken);
            await follow.WaitAsync(cancellationToken);
            if (follow.IsStale)
                await Task.Delay(Spread * Random.Shared.NextDouble(), time, cancellationToken);
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        var (follows, changed) = DrainChanges();
        if (follows.Length == 0)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var people = await lists.ReadAsync(db.Users.Where(person => changed.Contains(person.Id)), cancellationToken);
        var members = await RoomsOfAsync(db, changed, cancellationToken);
        var byRoom = members.SelectMany(member => member.Select(roomId => (RoomId: roomId, UserId: member.Key))).ToLookup(member => member.RoomId, member => member.UserId);
        foreach (var batch in follows.GroupBy(follow => follow.ReaderId).Chunk(BatchSize))
        {
            var rooms = await RoomsOfAsync(db, [.. batch.Select(reader => reader.Key)], cancellationToken);
            foreach (var follow in batch.SelectMany(reader => reader))
            {
                var shared = rooms[follow.ReaderId].Where(roomId => follow.RoomId is null || follow.RoomId == roomId).SelectMany(roomId => byRoom[roomId]).ToHashSet();
                follow.Add(people.Where(person => shared.Contains(person.UserId)));
            }
        }
    }

    private static async Task<ILookup<int, int>> RoomsOfAsync(ChatDbContext db, int[] userIds, CancellationToken cancellationToken)
    {
        var memberships = await db.Memberships.AsNoTracking()
            .Where(membership => userIds.Contains(membership.UserId))
            .Select(membership => new { membership.UserId, membership.RoomId })
            .ToListAsync(cancellationToken);
        return memberships.ToLookup(membership => membership.UserId, membership => membership.RoomId);
    }

    private OnDispose Register(PresenceFollow follow)
    {
        lock (_gate)
            _follows.Add(follow);
        return new OnDispose(() =>
        {
            lock (_gate)
                _follows.Remove(follow);
        });
    }

    private void Add(IReadOnlyList<int> userIds)
    {
        lock (_gate)
        {
            if (_follows.Count == 0)
                return;
            _changed.UnionWith(userIds);
        }

        _hasChanged.Set();
    }

    /// <summary>The followers, and as many changes as a page has; the others are delivered next.</summary>
    private (PresenceFollow[] Follows, int[] Changed) DrainChanges()
    {
        lock (_gate)
        {
            int[] changed = [.. _changed.Order().Take(RoomPresence.MaxPeople)];
            _changed.ExceptWith(changed);
            if (_changed.Count > 0)
                _hasChanged.Set();
            return ([.. _follows], changed);
        }
    }

    private void MarkStale()
    {
        lock (_gate)
        {
            foreach (var follow in _follows)
                follow.MarkStale();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Changes of presence could not be delivered; followers read their lists again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    /// <summary>Receives changes of statuses, for one node.</summary>
    private sealed class StatusConsumer(Action<int> changed, Action gap) : NodeConsumer(gap), IHandle<StatusChanged>
    {
        protected override IEnumerable<string> Groups => [PersonGroups.Statuses];

        public ValueTask HandleAsync(StatusChanged message, CancellationToken cancellationToken)
        {
            changed(message.UserId);
            return ValueTask.CompletedTask;
        }
    }
}
