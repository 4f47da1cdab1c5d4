using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Feeds;

/// <summary>The section <c>Feeds</c> of the settings.</summary>
public sealed class FeedOptions
{
    /// <summary>The number of newest changes of each followed feed that a node holds in memory. Followers that are further behind read the database.</summary>
    [Range(1, 100_000)]
    public int RingCapacity { get; set; } = 1024;

    /// <summary>How long a change that arrives early waits for the ones before it, until the feed reads them from the database.</summary>
    public TimeSpan ReorderWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The interval in which the revisions of all followed feeds are read while the channel layer is degraded.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
