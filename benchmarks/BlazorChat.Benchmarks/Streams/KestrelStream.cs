using System.Text;
using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Streams;

/// <summary>The lower bound: benchmarks/peers/Kestrel, which sends the body of an HTTP request to all readers.</summary>
internal sealed class KestrelStream : StreamPeer
{
    // As many bytes as a post of ours is.
    private static readonly string Post = new('x', BlazorChatStream.EventLength);

    private readonly HttpClient _http = new();

    public override string Path => "events";

    public override async Task StartAsync(CancellationToken cancellationToken) => Server = await ServerProcess.StartAsync(Built.Peer("Kestrel"));

    public override async Task PublishAsync(CancellationToken cancellationToken)
    {
        using var content = new StringContent(Post, Encoding.UTF8);
        using var response = await _http.PostAsync(new Uri(Server.Address, Path), content, cancellationToken);
        response.EnsureSuccessStatusCode();
        LastId++;
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await base.DisposeAsync();
    }
}
