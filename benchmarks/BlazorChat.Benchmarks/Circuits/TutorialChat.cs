using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>benchmarks/peers/BlazorTutorial: a chat as tutorials write it, by one of its two pages.</summary>
internal sealed class TutorialChat : CircuitPeer
{
    private readonly HttpClient _http = new();
    private ServerProcess? _server;

    private TutorialChat(string name, string path) : base(name) => Path = path;

    public override ServerProcess Server => _server!;

    public override string Path { get; }

    public static CircuitPeer WithHub() => new TutorialChat("tutorial, a hub connection for each circuit", "hub");

    public static CircuitPeer WithService() => new TutorialChat("tutorial, a service with an event", "service");

    public override async Task StartAsync(CancellationToken cancellationToken) => _server = await ServerProcess.StartAsync(Built.Peer("BlazorTutorial"));

    public override Task<FormClient> NewBrowserAsync() => Task.FromResult(new FormClient(Server.Address));

    public override async Task SendMessageAsync(string message, CancellationToken cancellationToken)
    {
        using var content = new StringContent(message);
        using var response = await _http.PostAsync(new Uri(Server.Address, "send"), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _server?.DisposeAsync() ?? default;
    }
}
