using BlazorChat.Accounts.Presence;
using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Layer.Envelopes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Accounts.Presence;

public sealed class PresenceCrashTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_people_of_a_killed_node_are_gone_on_the_others_within_30_seconds()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var killed = await NodeProcess.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        var ada = new Member(killed.Address, "Ada", "ada@example.org");
        await ada.SetUpAsync();
        // The first account of a new deployment.
        ada.Id = 1;
        await using var socket = await SocketClient.ConnectAsync(killed.Address, "ws/chat/1/chat/", ada.Cookies);
        // The clock of presence on the node that survives; the layer has the real one.
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var node = await StartAsync(killed, redis, time);
        var presence = node.Services.GetRequiredService<PresenceDirectory>();
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await presence.UntilAsync(known =>
        {
            // The process publishes its list when it is asked.
            time.Advance(TimeSpan.FromMilliseconds(50));
            return known.Find(ada.Id) == PresenceState.Online;
        });
        using var follow = presence.Follow(_ => gone.TrySetResult());

        await killed.KillAsync();
        time.Advance(TimeSpan.FromSeconds(24));
        Assert.Equal(PresenceState.Online, presence.Find(ada.Id));
        time.Advance(TimeSpan.FromSeconds(5));

        await presence.UntilAsync(ada.Id, PresenceState.Offline);
        await gone.Task.WaitAsync(TestWait.Limit);
    }

    /// <summary>Starts a node beside a process, in its deployment.</summary>
    private static async Task<TestNode> StartAsync(NodeProcess process, RedisServer redis, TimeProvider time)
    {
        byte[] secret;
        await using (var database = new DirectDatabase(process.DataFolder))
            secret = await database.Db.Secrets.Where(known => known.Name == "layer").Select(known => known.Value).SingleAsync();
        return await TestNode.StartAsync(
            redis.ConnectionString,
            "blazorchat",
            configure: services =>
            {
                services.AddEvents(PresenceEventsJson.Default);
                services.AddSingleton<ILayerSecret>(new KnownSecret(secret));
                services.AddSingleton(provider => new PresenceDirectory(provider.GetRequiredService<IChannelLayer>(), time));
                services.AddHostedService(provider => ActivatorUtilities.CreateInstance<PresenceExchange>(provider, time));
            });
    }
}
