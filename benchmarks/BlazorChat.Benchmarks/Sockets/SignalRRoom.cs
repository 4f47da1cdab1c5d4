using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Sockets;

/// <summary>benchmarks/peers/SignalR: a hub and a group, over its Redis backplane, in the JSON protocol.</summary>
internal sealed class SignalRRoom() : SocketPeer("SignalR, Redis backplane")
{
    private const char End = '\x1e';

    public override string Path => "chat";

    public override string EchoPath => Path;

    public override string Hello => $$"""{"protocol":"json","version":1}{{End}}""";

    public override async Task StartAsync(int nodes, string redis, int sockets, CancellationToken cancellationToken) => Servers = await Task.WhenAll(
        Enumerable.Range(0, nodes).Select(_ => ServerProcess.StartAsync(Built.Peer("SignalR"), "--ConnectionStrings:Redis", redis)));

    public override string Frame(string message) => Invoke("Send", message);

    public override string Echo(string message) => Invoke("Echo", message);

    private static string Invoke(string method, string message) => $$"""{"type":1,"target":"{{method}}","arguments":["{{message}}"]}{{End}}""";
}
