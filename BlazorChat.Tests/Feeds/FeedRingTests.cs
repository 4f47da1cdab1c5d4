using BlazorChat.Feeds;
using CsCheck;

namespace BlazorChat.Tests.Feeds;

public sealed class FeedRingTests
{
    [Fact]
    public void It_returns_the_newest_change_of_each_item_after_any_revision_that_it_holds() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 6].Array[0, 60], Gen.Int[1, 8]).Sample((capacity, items, limit) =>
        {
            var ring = new FeedRing<ItemChanged>(capacity, start: 0);
            var all = new List<ItemChanged>();
            foreach (var item in items)
            {
                // Item 0 stands for changes that none overtakes.
                var change = new ItemChanged(all.Count + 1, item == 0 ? null : item);
                all.Add(change);
                ring.Append(change);
            }

            Assert.Equal(Math.Max(0, all.Count - capacity), ring.Start);
            for (var revision = ring.Start; revision <= all.Count; revision++)
            {
                var after = revision;
                var expected = all.Where(change => change.Revision > after && !all.Any(later =>
                    later.Revision > change.Revision && later.ItemId is not null && later.ItemId == change.ItemId));
                Assert.Equal(expected.Take(limit), ring.After(revision, limit));
            }
        });

    private sealed record ItemChanged(long Revision, long? ItemId) : IFeedChange
    {
        public int FeedId => 1;
    }
}
