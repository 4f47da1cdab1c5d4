using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>The floor: benchmarks/peers/Kestrel.</summary>
internal sealed class KestrelRoom() : SocketPeer("bare Kestrel")
{
    public override bool HasBackplane => false;

    public override string Path => "ws";

    public override string EchoPath => "echo";

    public override async Task StartAsync(int nodes, string redis, int sockets, CancellationToken cancellationToken) =>
        Servers = [await ServerProcess.StartAsync(Built.Peer("Kestrel"))];
}
