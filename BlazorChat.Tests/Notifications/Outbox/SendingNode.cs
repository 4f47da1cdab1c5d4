using BlazorChat.Common;
using BlazorChat.Notifications.Mail;
using BlazorChat.Notifications.Outbox;
using BlazorChat.Notifications.Push;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Threads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Notifications.Outbox;

/// <summary>The services by which a node sends notifications. Only a test starts a step.</summary>
internal sealed class SendingNode : IAsyncDisposable
{
    private readonly PushSender _sender;
    private readonly DeliveryResults _results;
    private readonly DeliveryDispatcher _dispatcher;

    public SendingNode(OutboxSite site, PushService[] services)
    {
        var options = new PushOptions { AllowedPushHosts = [.. services.Select(service => $"127.0.0.1:{service.Port}")] };
        _sender = new PushSender(new PushHosts(Options.Create(options)), CreateTokens(site.Time), site.Time, NullLogger<PushSender>.Instance);
        _results = new DeliveryResults(site.Databases, site.Time, NullLogger<DeliveryResults>.Instance);
        Throttle = new PushThrottle(site.Time);
        _dispatcher = new DeliveryDispatcher(
            site.Databases,
            site.Outbox,
            new DeliveryPlanner(
                site.Databases,
                site.Database.Services.GetRequiredService<JoinedRooms>(),
                site.Database.Services.GetRequiredService<ThreadCounts>(),
                site.Database.Presence,
                site.Time),
            _sender,
            _results,
            Throttle,
            site.Time,
            NullLogger<DeliveryDispatcher>.Instance);
    }

    public PushThrottle Throttle { get; }

    public static VapidTokens CreateTokens(TimeProvider time) =>
        new(new OneSecret(), new PushContact(new ConfigurationBuilder().Build(), Options.Create(new MailOptions())), time);

    /// <summary>Begins to send what is due.</summary>
    public async Task<IReadOnlyList<Task>> StartAsync(CancellationToken cancellationToken = default)
    {
        if (_results.ExecuteTask is null)
            await _results.StartAsync(default);
        return await _dispatcher.StartDueAsync(cancellationToken);
    }

    /// <summary>Leases what is due, as a node that stops before it sends.</summary>
    /// <returns>The number of deliveries.</returns>
    public async Task<int> LeaseAsync() => (await _dispatcher.LeaseAsync(default)).Leased.Count;

    /// <summary>Sends everything that is due now.</summary>
    /// <returns>The number of deliveries.</returns>
    public async Task<int> SendAsync()
    {
        var count = 0;
        while (await StartAsync() is { Count: > 0 } sending)
        {
            await Task.WhenAll(sending).WaitAsync(TestWait.Limit);
            count += sending.Count;
        }

        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _results.StopAsync(default);
        _dispatcher.Dispose();
        _results.Dispose();
        _sender.Dispose();
    }

    private sealed class OneSecret : ISecretStore
    {
        public Task<byte[]> ReadAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Enumerable.Repeat((byte)7, 32).ToArray());
    }
}
