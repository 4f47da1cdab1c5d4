using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Feeds;

namespace BlazorChat.Tests.Feeds;

[EventName("test.feed.changed")]
public sealed record Changed(int FeedId, long Revision, string Text) : IFeedChange;

[JsonSerializable(typeof(Changed))]
internal sealed partial class TestFeedJson : JsonSerializerContext;

/// <summary>A source of feeds in memory, which several nodes share like a database. It counts the reads. Thread-safe.</summary>
internal sealed class TestFeed : IFeedSource<Changed>
{
    private readonly Lock _gate = new();
    private readonly List<Changed> _history = [];
    private int _reads;

    public int PageSize { get; init; } = 10;

    public int Reads => _reads;

    /// <summary>The number of next reads that fail.</summary>
    public int Failures { get; set; }

    public string GroupOf(int feedId) => $"feed.{feedId}";

    /// <summary>Assigns the next revision to a change and stores it, like the transaction of a change.</summary>
    public Changed Commit(string text = "")
    {
        lock (_gate)
        {
            var change = new Changed(1, _history.Count + 1, text);
            _history.Add(change);
            return change;
        }
    }

    public Task<FeedPage<Changed>> ReadAsync(int feedId, long afterRevision, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        lock (_gate)
        {
            if (Failures-- > 0)
                throw new IOException("The database is away.");
            Changed[] changes = [.. _history.Skip((int)afterRevision).Take(PageSize)];
            var hasMore = afterRevision + changes.Length < _history.Count;
            return Task.FromResult(new FeedPage<Changed>(changes, Math.Max(afterRevision, hasMore ? changes[^1].Revision : _history.Count), hasMore));
        }
    }

    public Task<IReadOnlyDictionary<int, long>> ReadRevisionsAsync(IReadOnlyCollection<int> feedIds, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyDictionary<int, long>>(new Dictionary<int, long> { [1] = _history.Count });
    }
}
