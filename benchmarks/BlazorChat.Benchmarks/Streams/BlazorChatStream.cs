using System.Security.Claims;
using BlazorChat.Benchmarks.Servers;
using BlazorChat.Liveblogs;

namespace BlazorChat.Benchmarks.Streams;

/// <summary>
/// A liveblog. Its editor is at another node, in this process, which shares a database and a Redis with the node that is measured: so a
/// post is committed, published, and reaches the node by Redis, before a reader receives it.
/// </summary>
internal sealed class BlazorChatStream : StreamPeer
{
    /// <summary>Bytes of the data of a post's event, more or less.</summary>
    public const int EventLength = 990;

    private const string Slug = "launch";

    private const string Text =
        "The tower is clear, and the first stage burns as it should. **Two minutes to separation**; the weather holds, the range is green, and " +
        "[the crowd on the dunes](https://example.org/dunes) has gone quiet. We will have the first pictures from on board in a moment.";

    private RedisServer? _redis;
    private TestDatabase? _desk;
    private ClaimsPrincipal _editor = default!;
    private LiveblogView _liveblog = default!;

    public override string Path => $"liveblogs/{Slug}/events";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _redis = await RedisServer.StartAsync();
        var folder = Node.NewDataFolder();
        Server = await ServerProcess.StartAsync(
            Built.App, ["--Data:Folder", folder, "--ConnectionStrings:Redis", _redis.ConnectionString, .. BlazorChatNodes.Unlimited]);
        _desk = await TestDatabase.JoinAsync(folder, _redis.ConnectionString);
        _editor = await _desk.AddPersonAsync("Ada", isAdmin: true);
        _liveblog = await _desk.Lifecycle.CreateAsync(_editor, "Launch", Slug, cancellationToken);
        _liveblog = await _desk.Lifecycle.StartAsync(_editor, _liveblog.Id, cancellationToken);
        LastId = _liveblog.Revision;
    }

    public override async Task PublishAsync(CancellationToken cancellationToken) =>
        LastId = (await _desk!.PostAsync(_editor, _liveblog, Text, "Lift-off")).Revision;

    public override async ValueTask DisposeAsync()
    {
        if (_desk is not null)
            await _desk.DisposeAsync();
        await base.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}
