using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>A room of BlazorChat. Each socket is a member of its own, and a message is committed before it is published.</summary>
internal sealed class BlazorChatRoom(string name = IScenario.Own) : SocketPeer(name)
{
    private BlazorChatNodes? _nodes;

    public override string Path => $"ws/chat/{_nodes!.RoomId}/chat/";

    public override string EchoPath => "ws/echo/";

    public override async Task StartAsync(int nodes, string redis, int sockets, CancellationToken cancellationToken)
    {
        _nodes = await BlazorChatNodes.StartAsync(nodes, redis, sockets, cancellationToken);
        Servers = _nodes.Nodes;
    }

    public override string Headers(int socket) => $"Authorization: Bearer {_nodes!.Keys[socket]}\r\n";

    public override async ValueTask DisposeAsync()
    {
        Servers = [];
        if (_nodes is not null)
            await _nodes.DisposeAsync();
        await base.DisposeAsync();
    }
}
