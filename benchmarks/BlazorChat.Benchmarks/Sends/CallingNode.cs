using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Notifications.Push;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Outbox;
using BlazorChat.Rooms.Threads;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorChat.Benchmarks.Sends;

/// <summary>
/// A node that calls devices: whom a message calls is computed and stored, and each delivery is sent to a push service that accepts it after a few
/// milliseconds. Encryption and HTTP are left out.
/// </summary>
internal sealed class CallingNode : IAsyncDisposable
{
    private readonly CallDispatcher _calls;
    private readonly DeliveryResults _results;
    private readonly DeliveryDispatcher _deliveries;
    private readonly AcceptingSender _sender = new();

    private CallingNode(TestDatabase node, double delay)
    {
        var (time, outbox) = (TimeProvider.System, node.Services.GetRequiredService<PushOutbox>());
        var databases = node.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>();
        _calls = new CallDispatcher(
            databases, outbox, node.Presence, Options.Create(new OutboxOptions { PushDelay = delay }), time, NullLogger<CallDispatcher>.Instance);
        _results = new DeliveryResults(databases, time, NullLogger<DeliveryResults>.Instance);
        _deliveries = new DeliveryDispatcher(
            databases,
            outbox,
            new DeliveryPlanner(
                databases, node.Services.GetRequiredService<JoinedRooms>(), node.Services.GetRequiredService<ThreadCounts>(), node.Presence, time),
            _sender,
            _results,
            new PushThrottle(time),
            time,
            NullLogger<DeliveryDispatcher>.Instance);
    }

    /// <summary>The number of notifications that the push service has accepted.</summary>
    public long Accepted => _sender.Accepted;

    /// <param name="node">The node.</param>
    /// <param name="delay">Seconds after which a message calls.</param>
    public static async Task<CallingNode> StartAsync(TestDatabase node, double delay)
    {
        var calling = new CallingNode(node, delay);
        await calling._calls.StartAsync(default);
        await calling._results.StartAsync(default);
        await calling._deliveries.StartAsync(default);
        return calling;
    }

    /// <summary>Gives people a device each.</summary>
    public static async Task AddDevicesAsync(TestDatabase node, IEnumerable<int> userIds)
    {
        await using var db = await node.OpenAsync();
        foreach (var userId in userIds)
        {
            var session = new UserSession { Id = Guid.NewGuid(), UserId = userId, Ticket = [], Device = "Phone", ExpiresAt = DateTime.MaxValue };
            db.Add(session);
            db.Add(new PushDevice
            {
                Id = Guid.NewGuid(),
                UserId = userId,
                Session = session,
                Endpoint = $"https://push.example.org/{userId}",
                EndpointHash = Guid.NewGuid().ToByteArray(),
                PublicKey = [],
                AuthSecret = [],
            });
        }

        await db.SaveChangesAsync();
    }

    /// <summary>Adds members with a device each.</summary>
    public static async Task AddMembersAsync(TestDatabase node, int roomId, int count)
    {
        ChatUser[] users = [.. Enumerable.Range(0, count).Select(i => new ChatUser
        {
            UserName = $"member{i}",
            NormalizedUserName = $"MEMBER{i}",
            DisplayName = $"Member {i}",
            Handle = $"member-{i}",
        })];
        await using (var db = await node.OpenAsync())
        {
            db.AddRange(users);
            db.AddRange(users.Select(user => new Membership { RoomId = roomId, User = user, JoinedAt = DateTime.UnixEpoch }));
            await db.SaveChangesAsync();
        }

        await AddDevicesAsync(node, users.Select(user => user.Id));
    }

    public async ValueTask DisposeAsync()
    {
        await _deliveries.StopAsync(default);
        await _results.StopAsync(default);
        await _calls.StopAsync(default);
        _deliveries.Dispose();
        _results.Dispose();
        _calls.Dispose();
    }

    private sealed class AcceptingSender : IPushSender
    {
        private long _accepted;

        public long Accepted => Interlocked.Read(ref _accepted);

        public async Task<PushResult> SendAsync(PushTarget target, PushMessage message, CancellationToken cancellationToken)
        {
            await Task.Delay(10, cancellationToken);
            Interlocked.Increment(ref _accepted);
            return new PushResult(PushOutcome.Accepted);
        }
    }
}
