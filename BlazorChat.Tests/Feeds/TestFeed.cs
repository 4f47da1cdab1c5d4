using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Feeds;

namespace BlazorChat.Tests.Feeds;

[EventName("test.feed.changed")]
public sealed record Changed(int FeedId, long Revision, string Text) : IFeedChange;

[JsonSerializable(typeof(Changed))]
internal sealed partial class TestFeedJson : JsonSerializerContext;

/// <summary>A history in memory that several nodes share, as they share a database; it counts how often it is asked.</summary>
internal sealed class TestFeed : IFeedSource<Changed>
{
    private readonly Lock _gate = new();
    private readonly List<Changed> _history = [];
    private int _reads;

    public int PageSize { get; init; } = 10;

    public int Reads => _reads;

    /// <summary>Fails the next reads.</summary>
    public int Failures { get; set; }

    public string GroupOf(int feedId) => $"feed.{feedId}";

    /// <summary>What the transaction of a change does.</summary>
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
