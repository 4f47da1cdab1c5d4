using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Channels;

/// <summary>The section <c>Channels</c> of the settings.</summary>
public sealed class ChannelOptions
{
    /// <summary>The prefix of every name in Redis, which separates deployments that share one Redis: 1 to 50 of <c>A-Z a-z 0-9 . - _</c>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9._-]{1,50}$")]
    public string Prefix { get; set; } = "blazorchat";

    /// <summary>The number of events that may wait for one consumer. Beyond it, that consumer loses events and gets an <see cref="Layer.EventGap"/>.</summary>
    [Range(1, 1_000_000)]
    public int MailboxCapacity { get; set; } = 1024;

    /// <summary>The largest message that a peer may send to a WebSocket, in bytes. A chat message of 8,000 characters fits, escaped as JSON.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MaxMessageLength { get; set; } = 64 * 1024;

    /// <summary>The number of messages of one WebSocket that are read in a second. The messages of a faster peer wait.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerSecond { get; set; } = 1000;

    /// <summary>The interval of pings to an idle peer: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a peer may leave a ping unanswered before its connection is closed: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The interval of heartbeats on each event stream: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The number of circuits, sockets, streams and hub connections that one IP address may open on a node within a minute. An office behind
    /// one address shares it.
    /// </summary>
    [Range(60, 1_000_000)]
    public int ConnectionsPerMinute { get; set; } = 1200;

    /// <summary>The number of uploads and API requests of one IP address on a node within a minute.</summary>
    [Range(60, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>The number of connections and requests of all addresses together, on a node within a minute.</summary>
    [Range(60, 10_000_000)]
    public int AdmissionsPerMinute { get; set; } = 60_000;

    /// <summary>The number of connections and requests that one IP address may have open on a node at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenPerAddress { get; set; } = 2000;

    /// <summary>The number of connections and requests that may be open on a node at once.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpen { get; set; } = 20_000;

    /// <summary>The free memory, in bytes, below which no connection or request is admitted.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeMemory { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a connection may be open before it starts its circuit: 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan CircuitStartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether <c>/ws/echo/</c> is mapped; when this is not set, in development only.</summary>
    public bool? Echo { get; set; }

    /// <summary>Origins besides this host whose pages may open connections: <c>https://example.org</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>The number of events that may wait for Redis on one node. Beyond it they are lost to the other nodes, whose consumers get a gap.</summary>
    [Range(1, 1_000_000)]
    public int BackplaneCapacity { get; set; } = 16_384;
}
