using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Streams;

/// <summary>A server of one event stream, and its publisher.</summary>
internal abstract class StreamPeer : IAsyncDisposable
{
    /// <summary>The node whose followers are counted.</summary>
    public ServerProcess Server { get; protected set; } = default!;

    /// <summary>Where followers connect.</summary>
    public abstract string Path { get; }

    /// <summary>The id of the newest event; the next one's is one more.</summary>
    public long LastId { get; protected set; }

    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Publishes one post and returns after the answer of the server.</summary>
    public abstract Task PublishAsync(CancellationToken cancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }
}
