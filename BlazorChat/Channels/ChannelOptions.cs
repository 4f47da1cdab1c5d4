using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Channels;

/// <summary>The section <c>Channels</c> of the settings.</summary>
public sealed class ChannelOptions
{
    /// <summary>Keeps two deployments on one Redis apart.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._-]{1,50}$")]
    public string Prefix { get; set; } = "blazorchat";

    /// <summary>Events that may wait for one consumer; beyond it that consumer loses events and is told by a <see cref="Layer.EventGap"/>.</summary>
    [Range(1, 1_000_000)]
    public int MailboxCapacity { get; set; } = 1024;

    /// <summary>Bytes of the longest message that a socket may be sent; a message of 8,000 characters fits, escaped as JSON.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxMessageLength { get; set; } = 64 * 1024;

    /// <summary>Messages of one socket that are read within a second; a peer that sends faster has to wait.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerSecond { get; set; } = 1000;

    /// <summary>How often an idle peer is asked whether it is there: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a peer may leave that unanswered until it is taken for gone: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often each event stream is sent a heartbeat: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Circuits, sockets, streams and hub connections that one address may open on a node within a minute; an office behind one address
    /// shares it.
    /// </summary>
    [Range(60, 1_000_000)]
    public int ConnectionsPerMinute { get; set; } = 1200;

    /// <summary>Uploads and posts to the API of one address on a node within a minute.</summary>
    [Range(60, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>Both together, of all addresses, on a node within a minute.</summary>
    [Range(60, 10_000_000)]
    public int AdmissionsPerMinute { get; set; } = 60_000;

    /// <summary>How many of them one address may have open on a node at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenPerAddress { get; set; } = 2000;

    /// <summary>How many of them may be open on a node at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpen { get; set; } = 20_000;

    /// <summary>Bytes of memory that must be free for another one to be opened.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeMemory { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a connection for a circuit may be open without one: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CircuitStartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether <c>/ws/echo/</c> is there; when it is not set, in development only.</summary>
    public bool? Echo { get; set; }

    /// <summary>Origins beside this host whose pages may open connections: <c>https://example.org</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Events that may wait for Redis on one node; beyond it they are lost to the other nodes, which are told.</summary>
    [Range(1, 1_000_000)]
    public int BackplaneCapacity { get; set; } = 16_384;
}
