using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>A room of sockets: the message of one is sent to all, on every node.</summary>
internal abstract class SocketPeer(string name) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>Why it cannot be measured here; null when it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Whether several nodes make one room.</summary>
    public virtual bool HasBackplane => true;

    public IReadOnlyList<ServerProcess> Servers { get; protected set; } = [];

    /// <summary>Address of the room.</summary>
    public abstract string Path { get; }

    /// <summary>The address of an echo.</summary>
    public abstract string EchoPath { get; }

    /// <summary>What a socket sends first; null for nothing.</summary>
    public virtual string? Hello => null;

    /// <param name="sockets">The most that will come.</param>
    public abstract Task StartAsync(int nodes, string redis, int sockets, CancellationToken cancellationToken);

    /// <summary>Header lines that let a socket in.</summary>
    public virtual string Headers(int socket) => "";

    /// <summary>The frame that sends a message.</summary>
    public virtual string Frame(string message) => $$"""{"message":"{{message}}"}""";

    /// <summary>The frame that comes back.</summary>
    public virtual string Echo(string message) => Frame(message);

    public double CpuMicroseconds => Servers.Sum(server => server.CpuMicroseconds);

    /// <summary>Resident and managed bytes of all nodes.</summary>
    public async Task<MemorySample> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        var samples = await Task.WhenAll(Servers.Select(server => server.MeasureMemoryAsync(cancellationToken)));
        return new MemorySample(samples.Sum(sample => sample.Resident), samples.All(sample => sample.Managed is not null) ? samples.Sum(sample => sample.Managed) : null);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
