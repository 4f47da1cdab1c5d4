using System.Net;
using System.Security.Claims;

namespace BlazorChat.Channels.Consumers;

/// <summary>What a consumer knows of its connection; one per connection, for as long as it lasts.</summary>
public sealed class ConsumerScope
{
    private static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());
    private static readonly HeaderDictionary NoHeaders = new() { IsReadOnly = true };

    private ClaimsPrincipal _user = Anonymous;
    private ConnectionRegistry? _connections;
    private Action? _ended;
    private IDisposable? _tracked;

    /// <summary>"circuit" for Blazor, "node" and "worker" for what belongs to no visitor; the other doors have names of their own.</summary>
    public required string Protocol { get; init; }

    /// <summary>The path that was asked for, from the application's root, without the query.</summary>
    public required string Path { get; init; }

    public IReadOnlyDictionary<string, object?> RouteValues { get; init; } = new Dictionary<string, object?>();

    /// <summary>With its leading question mark, or empty.</summary>
    public string Query { get; init; } = "";

    /// <summary>Of the request that opened the connection; none in a circuit.</summary>
    public IHeaderDictionary Headers { get; init; } = NoHeaders;

    /// <summary>The visitor's address; unknown in a circuit.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>Who is connected; an unauthenticated principal for a stranger, and after a logout.</summary>
    public required ClaimsPrincipal User
    {
        get => _user;
        init => _user = value;
    }

    /// <summary>The server-side session, where there is one.</summary>
    public string? SessionId => User.FindFirstValue(ConnectionRegistry.SessionClaim);

    /// <summary>The connection's own services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Anything the consumers of this connection want to keep.</summary>
    public IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

    /// <summary>
    /// Signs somebody in on this connection alone, with a server-side session of its own; whoever was signed in before stays so
    /// elsewhere. To check a password first is the caller's.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">This account may not sign in.</exception>
    public async Task LoginAsync(ClaimsPrincipal user, CancellationToken cancellationToken = default)
    {
        _user = await Services.GetRequiredService<IScopeSessions>().StartAsync(user, this, cancellationToken);
        Track();
    }

    /// <summary>Ends the session, here and on every connection that it let in, on every node. A stranger stays one.</summary>
    public async Task LogoutAsync(CancellationToken cancellationToken = default)
    {
        if (SessionId is not { } sessionId)
            return;
        ResetUser();
        await Services.GetRequiredService<IScopeSessions>().EndAsync(sessionId, cancellationToken);
    }

    /// <summary>The user becomes a stranger on this connection; the session itself goes on.</summary>
    public void ResetUser()
    {
        Untrack();
        _user = Anonymous;
    }

    /// <summary>Has the connection called back when the session ends that its user has then, until <see cref="Untrack"/>.</summary>
    internal void Track(ConnectionRegistry connections, Action ended)
    {
        _connections = connections;
        _ended = ended;
        Track();
    }

    internal void Untrack() => Interlocked.Exchange(ref _tracked, null)?.Dispose();

    private void Track()
    {
        Untrack();
        var sessionId = SessionId;
        // Between the end of one session and the callback another one may have begun here.
        _tracked = _connections?.Track(User, () =>
        {
            if (SessionId == sessionId)
                _ended!();
        });
    }
}
