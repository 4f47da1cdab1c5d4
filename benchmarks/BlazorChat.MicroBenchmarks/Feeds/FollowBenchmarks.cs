using BenchmarkDotNet.Attributes;
using BlazorChat.Channels;
using BlazorChat.Feeds;
using BlazorChat.Rooms;

namespace BlazorChat.MicroBenchmarks.Feeds;

/// <summary>A feed on the node at which its change is published, until the last follower has been given the change.</summary>
public class FollowBenchmarks
{
    private readonly Countdown _given = new();
    private TestNode _node = default!;
    private Task[] _following = [];
    private long _revision = 1;

    [Params(1, 100, 1000)]
    public int Followers { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _node = await TestNode.StartAsync(configure: services => services
            .AddEvents(RoomEventsJson.Default)
            .AddFeeds(new ConfigurationBuilder().Build().GetSection("Feeds"))
            .AddFeed<MessageChanged, OneMessage>());
        var feed = _node.Services.GetRequiredService<FeedHost<MessageChanged>>();
        var stopping = _node.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        // The followers have the message of the database, so the next published one reaches all of them.
        _given.Start(Followers);
        _following = [.. Enumerable.Range(0, Followers).Select(_ => FollowAsync(feed.FollowAsync(1, 0, stopping)))];
        _given.Wait();
    }

    [Benchmark(Description = "A change of a feed, until {0:N0} who follow have it")]
    public async Task PublishAsync()
    {
        _revision++;
        _given.Start(Followers);
        var change = new MessageChanged(OneMessage.Message with { Sequence = _revision, Revision = _revision });
        await _node.Layer.PublishAsync(RoomGroups.Room(1), change);
        _given.Wait();
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _node.StopAsync();
        await Task.WhenAll(_following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _node.DisposeAsync();
    }

    private async Task FollowAsync(IAsyncEnumerable<FeedPage<MessageChanged>> pages)
    {
        await foreach (var page in pages)
        {
            for (var i = 0; i < page.Changes.Count; i++)
                _given.Count();
        }
    }

    /// <summary>A database with one message, which is read only when a follower starts.</summary>
    private sealed class OneMessage : IFeedSource<MessageChanged>
    {
        public static readonly MessageView Message = Sample.Message(1);

        public string GroupOf(int feedId) => RoomGroups.Room(feedId);

        public Task<FeedPage<MessageChanged>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken) =>
            Task.FromResult(new FeedPage<MessageChanged>([new MessageChanged(Message)], Message.Revision, HasMore: false));

        public Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<int, long>>(new Dictionary<int, long> { [1] = Message.Revision });
    }
}
