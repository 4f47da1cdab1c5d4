using BlazorChat.Channels;
using BlazorChat.Channels.Layer;
using BlazorChat.Feeds;
using CsCheck;

namespace BlazorChat.Tests.Feeds;

public sealed class FeedTests
{
    [Fact]
    public Task Whatever_the_network_does_every_follower_gets_every_change_once_and_in_order() =>
        Gen.Select(Gen.Int[1, 150], Gen.Int[0, 1_000_000]).SampleAsync(
            async (count, seed) =>
            {
                var feed = new TestFeed();
                var network = new ChaosNetwork(seed);
                await using var first = await StartAsync(feed, network.Connect());
                await using var second = await StartAsync(feed, network.Connect());
                await using var third = await StartAsync(feed, network.Connect());
                TestNode[] nodes = [first, second, third];
                for (var i = 0; i < 20; i++)
                    feed.Commit();
                // From the start, from the middle, and from now.
                var followers = nodes.SelectMany(node => new[] { Follow(node, 0), Follow(node, 7), Follow(node, 20) }).ToArray();

                await Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(async () =>
                    await nodes[(i + seed) % 3].Layer.PublishAsync("feed.1", feed.Commit($"{i}")))));

                foreach (var (i, follower) in followers.Index())
                {
                    await using var _ = follower;
                    await follower.WaitForAsync(20 + count);
                    var after = (i % 3) switch { 0 => 0, 1 => 7, _ => 20 };
                    Assert.Equal(Enumerable.Range(after + 1, 20 + count - after).Select(r => (long)r), follower.Changes.Select(c => c.Revision));
                }
            },
            iter: 30,
            threads: 1);

    [Fact]
    public async Task A_hole_is_repaired_by_one_read_however_many_follow()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed);
        var followers = Enumerable.Range(0, 100).Select(_ => Follow(node, 0)).ToArray();
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await Task.WhenAll(followers.Select(follower => follower.WaitForAsync(1)));
        var before = feed.Reads;

        feed.Commit("lost on the way");
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await Task.WhenAll(followers.Select(follower => follower.WaitForAsync(3)));

        Assert.Equal(1, feed.Reads - before);
        foreach (var follower in followers)
            await follower.DisposeAsync();
    }

    [Fact]
    public async Task Changes_that_come_in_the_wrong_order_need_no_read()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed, options: options => options.ReorderWait = TimeSpan.FromSeconds(30));
        await using var follower = Follow(node, 0);
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await follower.WaitForAsync(1);
        var before = feed.Reads;
        var (second, third) = (feed.Commit(), feed.Commit());

        await node.Layer.PublishAsync("feed.1", third);
        await node.Layer.PublishAsync("feed.1", second);
        await follower.WaitForAsync(3);

        Assert.Equal([1, 2, 3], follower.Changes.Select(change => change.Revision));
        Assert.Equal(before, feed.Reads);
    }

    [Fact]
    public async Task A_stalled_follower_costs_the_others_nothing_and_gets_every_change_in_the_end()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed, options: options => options.RingCapacity = 16);
        var host = node.Services.GetRequiredService<FeedHost<Changed>>();
        await using var slow = host.FollowAsync(1, 0, CancellationToken.None).GetAsyncEnumerator();
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        Assert.True(await slow.MoveNextAsync());
        await using var quick = Follow(node, 0);

        for (var i = 0; i < 500; i++)
            await node.Layer.PublishAsync("feed.1", feed.Commit());
        await quick.WaitForAsync(501);

        var seen = slow.Current.Changes.ToList();
        while (seen[^1].Revision < 501 && await slow.MoveNextAsync())
            seen.AddRange(slow.Current.Changes);
        Assert.Equal(Enumerable.Range(1, 501).Select(i => (long)i), seen.Select(change => change.Revision));
        Assert.Equal(501, quick.Changes.Count);
    }

    [Fact]
    public async Task A_change_that_the_database_does_not_know_is_skipped()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed);
        await using var follower = Follow(node, 0);
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await follower.WaitForAsync(1);

        await node.Layer.PublishAsync("feed.1", new Changed(1, 99, "from nowhere"));
        for (var i = 0; i < 6; i++)
            await node.Layer.PublishAsync("feed.1", feed.Commit("true"));
        await follower.WaitForAsync(7);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], follower.Changes.Select(change => change.Revision));
    }

    [Fact]
    public async Task A_database_that_is_away_delays_a_repair_and_loses_nothing()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed);
        await using var follower = Follow(node, 0);
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await follower.WaitForAsync(1);

        feed.Failures = 2;
        feed.Commit("lost on the way");
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await follower.WaitForAsync(3);

        Assert.Equal([1, 2, 3], follower.Changes.Select(change => change.Revision));
    }

    [Fact]
    public async Task Followers_that_are_up_to_date_share_one_page()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed);
        var host = node.Services.GetRequiredService<FeedHost<Changed>>();
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        await using var early = host.FollowAsync(1, 0, timeout.Token).GetAsyncEnumerator();
        await using var late = host.FollowAsync(1, 0, timeout.Token).GetAsyncEnumerator();
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        Assert.True(await early.MoveNextAsync());
        Assert.True(await late.MoveNextAsync());

        await node.Layer.PublishAsync("feed.1", feed.Commit());
        Assert.True(await early.MoveNextAsync());
        var page = early.Current;
        var more = early.MoveNextAsync();
        Assert.True(await late.MoveNextAsync());
        await node.Layer.PublishAsync("feed.1", feed.Commit());
        await more;

        Assert.Same(page, late.Current);
    }

    [Fact]
    public async Task A_feed_ends_with_its_last_follower_and_starts_again_with_the_next()
    {
        var feed = new TestFeed();
        await using var node = await StartAsync(feed);
        for (var round = 1; round <= 5; round++)
        {
            await using var follower = Follow(node, 0);
            await node.Layer.PublishAsync("feed.1", feed.Commit());
            await follower.WaitForAsync(round);
            Assert.Equal(Enumerable.Range(1, round).Select(i => (long)i), follower.Changes.Select(change => change.Revision));
        }
    }

    private static Follower<Changed> Follow(TestNode node, long after) =>
        new(stop => node.Services.GetRequiredService<FeedHost<Changed>>().FollowAsync(1, after, stop));

    private static Task<TestNode> StartAsync(TestFeed feed, IBackplane? backplane = null, Action<FeedOptions>? options = null) =>
        TestNode.StartAsync(configure: services =>
        {
            services.AddEvents(TestFeedJson.Default);
            services.AddSingleton<IFeedSource<Changed>>(feed);
            services.AddSingleton<FeedHost<Changed>>();
            services.AddHostedService(provider => provider.GetRequiredService<FeedHost<Changed>>());
            services.Configure(options ?? (_ => { }));
            if (backplane is not null)
                services.AddSingleton(backplane);
        });
}
