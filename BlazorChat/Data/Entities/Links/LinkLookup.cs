namespace BlazorChat.Data.Entities.Links;

/// <summary>That an address is being looked up, or what was found there last. All messages with the address share it.</summary>
public sealed class LinkLookup
{
    /// <inheritdoc cref="MessageLink.AddressKey"/>
    public required string AddressKey { get; init; }

    /// <summary>UTC. Until then the node that leases it looks it up, or nobody after a failure.</summary>
    public DateTime LeasedUntil { get; set; }

    /// <summary>The number of lookups that were begun since the last one that ended.</summary>
    public int Attempts { get; set; }

    /// <summary>The author of the message whose link began the newest lookup.</summary>
    public int RequestedById { get; set; }

    /// <summary>UTC, when the newest lookup began.</summary>
    public DateTime BegunAt { get; set; }

    /// <summary>UTC, how long the result is used; null before the first result.</summary>
    public DateTime? ExpiresAt { get; set; }

    /// <summary>The <see cref="LinkPreview"/> that was found; null for nothing.</summary>
    public Guid? PreviewId { get; set; }
}
