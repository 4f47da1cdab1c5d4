using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Feeds;

/// <summary>The section <c>Feeds</c> of the settings.</summary>
public sealed class FeedOptions
{
    /// <summary>Newest changes of each followed feed that a node keeps at hand; who is further behind reads the database.</summary>
    [Range(1, 100_000)]
    public int RingCapacity { get; set; } = 1024;

    /// <summary>How long a change that came too early waits for the one before it, until the database is asked.</summary>
    public TimeSpan ReorderWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the revisions of all followed feeds are read while the channel layer is degraded.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
