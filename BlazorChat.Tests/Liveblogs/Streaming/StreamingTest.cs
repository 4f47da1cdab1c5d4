using System.Security.Claims;
using BlazorChat.Liveblogs;

namespace BlazorChat.Tests.Liveblogs.Streaming;

/// <summary>The base of tests of sockets and streams: readers connect to <see cref="Node"/>, and <see cref="Desk"/> writes, at another node.</summary>
public abstract class StreamingTest : IAsyncLifetime
{
    private protected RedisServer Redis { get; private set; } = default!;

    private protected TestDatabase Desk { get; private set; } = default!;

    private protected Node Node { get; private set; } = default!;

    private protected ClaimsPrincipal Admin { get; private set; } = default!;

    /// <summary>A live liveblog at <c>launch</c>.</summary>
    private protected LiveblogView Launch { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        Desk = await TestDatabase.CreateAsync(Redis.ConnectionString);
        Admin = await Desk.AddPersonAsync("Ada", isAdmin: true);
        Launch = await Desk.StartLiveblogAsync(Admin, "launch");
        Node = await Desk.StartHostedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Desk.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<LiveblogPostView> WriteAsync(string text) => WriteAsync(Launch, text);

    private protected Task<LiveblogPostView> WriteAsync(LiveblogView liveblog, string text) => Desk.PostAsync(Admin, liveblog, text);
}
