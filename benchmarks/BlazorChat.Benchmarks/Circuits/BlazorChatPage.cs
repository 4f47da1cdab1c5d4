using System.Net.Http.Headers;
using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Circuits;

/// <summary>A room of ours with 50 messages, open at the pages of its members, several for each; programs write in it through the HTTP API.</summary>
internal sealed class BlazorChatPage : CircuitPeer
{
    private const int People = 40;
    private const int Bots = 40;
    private const int History = 50;

    private readonly HttpClient _http = new();
    private readonly string[] _settings;
    private BlazorChatNodes? _nodes;
    private int _browsers;
    private int _sent;

    private BlazorChatPage(string name, params string[] settings) : base(name) => _settings = settings;

    public static CircuitPeer AsItIs() => new BlazorChatPage(IScenario.Own);

    /// <summary>What a setting gives whose people have slow lines.</summary>
    public static CircuitPeer Compressed() => new BlazorChatPage($"{IScenario.Own}, compressed", "--Shell:Compression", "true");

    public override bool IsVariant => Name != IScenario.Own;

    public override ServerProcess Server => _nodes!.Nodes[0];

    public override string Path => $"rooms/{_nodes!.RoomId}";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _nodes = await BlazorChatNodes.StartAsync(nodes: 1, redis: null, Bots, cancellationToken, _settings);
        for (var i = 0; i < History; i++)
            await SendMessageAsync($"something of some sixty characters that was sent before, {i:D2}", cancellationToken);
        await _nodes.AddPeopleAsync(People, cancellationToken);
    }

    public override async Task<FormClient> NewBrowserAsync()
    {
        var browser = new FormClient(Server.Address);
        using var signedIn = await browser.SignInAsync(BlazorChatNodes.NameOf(Interlocked.Increment(ref _browsers) % People));
        return await browser.IsSignedInAsync() ? browser : throw new InvalidOperationException("Somebody could not sign in.");
    }

    public override async Task SendMessageAsync(string message, CancellationToken cancellationToken)
    {
        // The senders alternate, since each person has a rate limit.
        var key = _nodes!.Keys[Interlocked.Increment(ref _sent) % Bots];
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Address, $"api/rooms/{_nodes.RoomId}/messages"))
        {
            Content = JsonContent.Create(new { message }),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_nodes is not null)
            await _nodes.DisposeAsync();
    }
}
