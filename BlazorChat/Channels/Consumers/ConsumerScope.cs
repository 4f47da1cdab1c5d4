using System.Net;
using System.Security.Claims;

namespace BlazorChat.Channels.Consumers;

/// <summary>
/// The properties of one connection, for as long as it lasts: Django Channels' <c>scope</c>. A circuit, a node and a job have one too. Not
/// thread-safe: a consumer uses it in its handlers, which never overlap.
/// </summary>
/// <example>
/// <code>
/// protected override async ValueTask OnConnectingAsync(CancellationToken cancellationToken)
/// {
///     var board = (string)Scope.RouteValues["board"]!;
///     if (Scope.User.Identity is not { IsAuthenticated: true })
///         throw new ConnectionRefusedException(StatusCodes.Status401Unauthorized);
///     await Scope.Services.GetRequiredService&lt;BoardRights&gt;().CheckAsync(Scope.User, board, cancellationToken);
/// }
/// </code>
/// </example>
public sealed class ConsumerScope
{
    private static readonly ClaimsPrincipal Anonymous = new(new ClaimsIdentity());
    private static readonly HeaderDictionary NoHeaders = new() { IsReadOnly = true };

    private ClaimsPrincipal _user = Anonymous;
    private ConnectionRegistry? _connections;
    private Action? _ended;
    private IDisposable? _tracked;

    /// <summary>"websocket", "event-stream", "hub" or "circuit"; "node" and "worker" for consumers that serve no visitor.</summary>
    public required string Protocol { get; init; }

    /// <summary>The path of the request, from the application's root, without the query; the name of the worker channel for a job.</summary>
    public required string Path { get; init; }

    /// <summary>The values of the route pattern; none in a circuit.</summary>
    public IReadOnlyDictionary<string, object?> RouteValues { get; init; } = new Dictionary<string, object?>();

    /// <summary>The query string with its leading question mark, or empty.</summary>
    public string Query { get; init; } = "";

    /// <summary>The headers of the request that opened the connection; none in a circuit.</summary>
    public IHeaderDictionary Headers { get; init; } = NoHeaders;

    /// <summary>The client's IP address, behind trusted proxies the one that they forward; null in a circuit.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>The user of the connection; an unauthenticated principal for an anonymous user, and after a logout.</summary>
    public required ClaimsPrincipal User
    {
        get => _user;
        init => _user = value;
    }

    /// <summary>The id of the user's server-side session; null for an anonymous user.</summary>
    public string? SessionId => User.FindFirstValue(ConnectionRegistry.SessionClaim);

    /// <summary>The scoped services of the connection.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Values that the consumer stores for the connection.</summary>
    public IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

    /// <summary>
    /// Signs a user in on this connection alone, with a new server-side session: Django Channels' <c>login</c>. The previous user of the
    /// connection stays signed in elsewhere. The caller has checked the password.
    /// </summary>
    /// <param name="user">The user, with the claim of their id.</param>
    /// <param name="cancellationToken">Cancels writing the session.</param>
    /// <exception cref="UnauthorizedAccessException">This account may not sign in.</exception>
    public async Task LoginAsync(ClaimsPrincipal user, CancellationToken cancellationToken = default)
    {
        _user = await Services.GetRequiredService<IScopeSessions>().StartAsync(user, this, cancellationToken);
        Track();
    }

    /// <summary>
    /// Ends the session, and with it every other connection of the session on every node. This connection stays open, with an anonymous
    /// user. Django Channels' <c>logout</c>. It does nothing when the user is anonymous.
    /// </summary>
    public async Task LogoutAsync(CancellationToken cancellationToken = default)
    {
        if (SessionId is not { } sessionId)
            return;
        ResetUser();
        await Services.GetRequiredService<IScopeSessions>().EndAsync(sessionId, cancellationToken);
    }

    /// <summary>Makes the user of this connection anonymous. The session itself continues.</summary>
    public void ResetUser()
    {
        Untrack();
        _user = Anonymous;
    }

    /// <summary>Registers the connection to be called back when the session of its current user ends, until <see cref="Untrack"/>.</summary>
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
        // Another session may have begun on this connection between the end of the first one and this call.
        _tracked = _connections?.Track(User, () =>
        {
            if (SessionId == sessionId)
                _ended!();
        });
    }
}
