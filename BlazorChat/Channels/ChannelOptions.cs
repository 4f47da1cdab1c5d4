using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Channels;

/// <summary>The section <c>Channels</c> of the settings.</summary>
public sealed class ChannelOptions
{
    /// <summary>Keeps two deployments on one Redis apart.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._-]{1,50}$")]
    public string Prefix { get; set; } = "blazorchat";

    /// <summary>Events that may wait for one consumer; beyond it that consumer loses events and is told by a <see cref="Gap"/>.</summary>
    [Range(1, 1_000_000)]
    public int MailboxCapacity { get; set; } = 1024;

    /// <summary>Events that may wait for Redis on one node; beyond it they are lost to the other nodes, which are told.</summary>
    [Range(1, 1_000_000)]
    public int BackplaneCapacity { get; set; } = 16_384;
}
