using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>benchmarks/peers/BlazorHello: what a circuit costs at least.</summary>
internal sealed class HelloWorld() : CircuitPeer("hello world")
{
    private ServerProcess? _server;

    public override ServerProcess Server => _server!;

    public override string Path => "";

    public override bool IsChat => false;

    public override async Task StartAsync(CancellationToken cancellationToken) => _server = await ServerProcess.StartAsync(Built.Peer("BlazorHello"));

    public override Task<FormClient> NewBrowserAsync() => Task.FromResult(new FormClient(Server.Address));

    public override Task SendMessageAsync(string message, CancellationToken cancellationToken) => throw new NotSupportedException("Nobody talks in the hello world.");

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
}
