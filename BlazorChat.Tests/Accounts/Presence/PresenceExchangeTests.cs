using BlazorChat.Accounts.Presence;
using BlazorChat.Channels.Layer;
using BlazorChat.Tests.Feeds;

namespace BlazorChat.Tests.Accounts.Presence;

/// <summary>Presence on two nodes over a real Redis, or over a network that loses events.</summary>
public sealed class PresenceExchangeTests
{
    private const int Ada = 1;

    [Fact]
    public async Task A_person_is_online_on_both_nodes_until_they_are_gone_from_both()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await StartAsync(redis);
        var here = Open(one);
        // A node that starts later asks for what it has missed.
        await using var two = await StartAsync(redis);
        await two.UntilAsync(presence => presence.Find(Ada) == PresenceState.Online);
        (here.RoomId, here.ThreadRoot) = (7, 42);
        await two.UntilAsync(presence => presence.IsWatching(Ada, 7));
        Assert.Equal([true, false, false], new[] { (7, 42), (7, 43), (8, 42) }.Select(thread => two.Presence.IsWatching(Ada, thread.Item1, thread.Item2)));
        here.ThreadRoot = null;
        await two.UntilAsync(presence => !presence.IsWatching(Ada, 7, 42));
        Assert.True(two.Presence.IsActive(Ada));
        Assert.False(two.Presence.IsWatching(Ada, 8));

        using var there = Open(two);
        await one.UntilAsync(presence => presence.Elsewhere.Find(Ada) is not null);
        here.Dispose();

        Assert.Equal(PresenceState.Online, one.Presence.Find(Ada));
        await two.UntilAsync(presence => !presence.IsWatching(Ada, 7));
    }

    [Fact]
    public async Task Without_Redis_only_the_people_of_the_node_are_known_and_afterwards_all_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await StartAsync(redis);
        await using var two = await StartAsync(redis);
        using var ada = Open(one);
        using var zoe = two.Presence.Here.Open(2, isBot: false, isActive: true);
        await one.UntilAsync(presence => presence.Find(2) == PresenceState.Online);
        await two.UntilAsync(presence => presence.Find(Ada) == PresenceState.Online);

        await redis.KillAsync();
        await two.Node.WaitForStateAsync(LayerState.Degraded);
        await two.UntilAsync(presence => presence.Find(Ada) == PresenceState.Unknown);
        Assert.False(two.Presence.IsActive(Ada));
        Assert.Equal(PresenceState.Online, two.Presence.Find(2));
        using var late = one.Presence.Here.Open(3, isBot: false, isActive: true);
        await redis.StartAgainAsync();

        await two.UntilAsync(presence => presence.Find(Ada) == PresenceState.Online && presence.Find(3) == PresenceState.Online);
        Assert.Equal(PresenceState.Offline, two.Presence.Find(4));
    }

    [Fact]
    public async Task Subscribers_are_called_for_their_person_only_and_not_after_they_have_gone()
    {
        await using var one = await PresenceNode.StartAsync(null, null);
        var calls = 0;
        using var others = one.Presence.Subscribe(2, () => Assert.Fail("Nobody else changed."));
        var subscription = one.Presence.Subscribe(Ada, () => Interlocked.Increment(ref calls));
        var gone = one.Presence.Subscribe(Ada, () => Assert.Fail("The subscription has ended."));
        gone.Dispose();

        using (Open(one))
            await one.UntilAsync(_ => Volatile.Read(ref calls) == 1);

        subscription.Dispose();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Nodes_agree_in_the_end_over_a_network_that_loses_doubles_and_reorders_events()
    {
        var network = new ChaosNetwork(seed: 11);
        await using var one = await StartAsync(network);
        await using var two = await StartAsync(network);
        var open = new Dictionary<int, PresenceConnection>();
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var person = random.Next(1, 40);
            if (open.TryGetValue(person, out var connection))
                connection.RoomId = random.Next(3);
            else
                open[person] = one.Presence.Here.Open(person, isBot: false, isActive: true);
            await Task.Delay(10);
        }

        await two.UntilAsync(presence => Enumerable.Range(1, 40).All(person => presence.Elsewhere.Find(person) is { } there
            ? there.IsSameAs(one.Presence.Here.Find(person))
            : !open.ContainsKey(person)));
    }

    private static PresenceConnection Open(PresenceNode node) => node.Presence.Here.Open(Ada, isBot: false, isActive: true);

    private static Task<PresenceNode> StartAsync(RedisServer redis) => PresenceNode.StartAsync(redis.ConnectionString, null);

    private static Task<PresenceNode> StartAsync(ChaosNetwork network) => PresenceNode.StartAsync(null, network.Connect());

    private sealed class PresenceNode(TestNode node) : IAsyncDisposable
    {
        public TestNode Node => node;

        public PresenceDirectory Presence { get; } = node.Services.GetRequiredService<PresenceDirectory>();

        public static async Task<PresenceNode> StartAsync(string? redis, IBackplane? backplane) => new(await TestNode.StartAsync(
            redis,
            configure: services =>
            {
                services.AddPresence();
                if (backplane is not null)
                    services.AddSingleton(backplane);
            }));

        public Task UntilAsync(Func<PresenceDirectory, bool> condition) => Presence.UntilAsync(condition);

        public ValueTask DisposeAsync() => node.DisposeAsync();
    }
}
