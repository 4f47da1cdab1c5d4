using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PushDelivery = BlazorChat.Data.Entities.Notifications.PushDelivery;

namespace BlazorChat.Tests.Notifications.Outbox;

/// <summary>A database and the clock of a deployment with devices. Only a test starts a step.</summary>
internal sealed class OutboxSite(TestDatabase database, FakeTimeProvider time) : IAsyncDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(new OutboxOptions().PushDelay);

    public TestDatabase Database => database;

    public FakeTimeProvider Time => time;

    public IDbContextFactory<ChatDbContext> Databases => database.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>();

    public PushOutbox Outbox => database.Services.GetRequiredService<PushOutbox>();

    public NotificationPreferences Preferences => new(Databases, database.Services.GetRequiredService<CommandLimit>(), database.Layer, time);

    public static Task<OutboxSite> CreateAsync() => CreateAsync(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A deployment that sends to push services, which check the time of its signatures.</summary>
    public static Task<OutboxSite> CreateSendingAsync() => CreateAsync(TimeProvider.System.GetUtcNow());

    private static async Task<OutboxSite> CreateAsync(DateTimeOffset now)
    {
        var time = new FakeTimeProvider(now);
        return new OutboxSite(await TestDatabase.CreateAsync(time: time), time);
    }

    /// <summary>The dispatcher of one node.</summary>
    public CallDispatcher CreateDispatcher(int pageSize = 400) =>
        new(Databases, Outbox, database.Presence, Options.Create(new OutboxOptions()), time, NullLogger<CallDispatcher>.Instance) { PageSize = pageSize };

    /// <summary>A node that sends to these push services. Dispose it.</summary>
    public SendingNode CreateNode(params PushService[] services) => new(this, services);

    /// <summary>Adds a person with a device of a push service.</summary>
    public async Task<ClaimsPrincipal> AddCallableAsync(string name, PushService service)
    {
        var person = await database.AddPersonAsync(name);
        await SubscribeAsync(person, name, service);
        return person;
    }

    /// <summary>Adds a device of a push service.</summary>
    public async Task<PushDevice> SubscribeAsync(ClaimsPrincipal person, string name, PushService service)
    {
        var target = (await service.SubscribeAsync(name, (await SendingNode.CreateTokens(time).GetKeyAsync(default)).PublicKey)).Target;
        return await AddDeviceAsync(person, target.Endpoint.AbsoluteUri, target.PublicKey, target.AuthSecret);
    }

    /// <summary>Adds a person with a device.</summary>
    public async Task<ClaimsPrincipal> AddCallableAsync(string name)
    {
        var person = await database.AddPersonAsync(name);
        await AddDeviceAsync(person);
        return person;
    }

    public async Task<PushDevice> AddDeviceAsync(ClaimsPrincipal person, string? endpoint = null, byte[]? publicKey = null, byte[]? authSecret = null)
    {
        await using var db = await database.OpenAsync();
        var session = new UserSession { Id = Guid.NewGuid(), UserId = person.UserId, Ticket = [], Device = "Phone", ExpiresAt = DateTime.MaxValue };
        var device = new PushDevice
        {
            Id = Guid.NewGuid(),
            UserId = person.UserId,
            Session = session,
            Endpoint = endpoint ?? $"https://push.example.org/{Guid.NewGuid():N}",
            EndpointHash = Guid.NewGuid().ToByteArray(),
            PublicKey = publicKey ?? [],
            AuthSecret = authSecret ?? [],
        };
        db.Add(device);
        await db.SaveChangesAsync();
        return device;
    }

    /// <summary>A room of these people, the first of whom owns it.</summary>
    public async Task<int> AddRoomAsync(params ClaimsPrincipal[] people)
    {
        var room = await database.Rooms.CreateAsync(people[0], $"Room {Guid.NewGuid():N}"[..12], default);
        foreach (var person in people.Skip(1))
            await database.Rooms.JoinAsync(person, room.Id, default);
        return room.Id;
    }

    public Task<MessageView> SendMessageAsync(ClaimsPrincipal author, int roomId, string text) =>
        database.Conversation.SendAsync(author, roomId, Guid.NewGuid(), text, default);

    /// <summary>Lets the delay pass and adds the deliveries of all messages that are due.</summary>
    public async Task DispatchAsync()
    {
        time.Advance(Delay);
        var node = CreateDispatcher();
        while (await node.DispatchAsync(default) > 0)
        {
        }
    }

    public async Task<IReadOnlyList<PushDelivery>> ReadDeliveriesAsync()
    {
        await using var db = await database.OpenAsync();
        return await db.PushDeliveries.AsNoTracking().OrderBy(delivery => delivery.Id).ToListAsync();
    }

    public async Task<IReadOnlyList<MessageNotification>> ReadNotificationsAsync()
    {
        await using var db = await database.OpenAsync();
        return await db.MessageNotifications.AsNoTracking().OrderBy(row => row.Id).ToListAsync();
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();
}
