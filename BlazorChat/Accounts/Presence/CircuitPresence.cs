using BlazorChat.Accounts.Rights;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorChat.Accounts.Presence;

/// <summary>
/// The connection of one circuit, for as long as its browser is connected and its user signed in. A circuit outlives the connection of its browser,
/// so its opening and closing do not count.
/// </summary>
internal sealed class CircuitPresence : CircuitHandler, IDisposable
{
    private readonly PresenceDirectory _presence;
    private readonly AuthenticationStateProvider _authentication;
    private PresenceConnection? _connection;
    private PresenceConnection? _newest;
    private int? _roomId;
    private long? _threadRoot;

    public CircuitPresence(PresenceDirectory presence, AuthenticationStateProvider authentication)
    {
        _presence = presence;
        _authentication = authentication;
        _authentication.AuthenticationStateChanged += OnUserChanged;
    }

    public override async Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var user = (await _authentication.GetAuthenticationStateAsync()).User;
        // A browser connects again by itself, perhaps with nobody before it.
        if (user.IsSignedIn)
            Replace(_presence.Open(user, isActive: _newest is null, _newest));
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Replace(null);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Replace(null);
        return Task.CompletedTask;
    }

    /// <summary>Notes that the person did something.</summary>
    public void Touch() => _connection?.Touch();

    /// <summary>Notes what the window of the circuit shows.</summary>
    /// <param name="roomId">The open room, while the window has the focus; null for none.</param>
    /// <param name="threadRoot">The thread beside it, by the sequence of its first message; null for none.</param>
    public void Watch(int? roomId, long? threadRoot = null)
    {
        (_roomId, _threadRoot) = (roomId, threadRoot);
        if (_connection is { } connection)
            (connection.RoomId, connection.ThreadRoot) = (roomId, threadRoot);
    }

    public void Dispose()
    {
        _authentication.AuthenticationStateChanged -= OnUserChanged;
        Replace(null);
    }

    private void Replace(PresenceConnection? connection)
    {
        if (connection is not null)
        {
            (connection.RoomId, connection.ThreadRoot) = (_roomId, _threadRoot);
            _newest = connection;
        }

        Interlocked.Exchange(ref _connection, connection)?.Dispose();
    }

    // The user of a circuit changes once: to an anonymous one, when the session ends.
    private void OnUserChanged(Task<AuthenticationState> state)
    {
        if (state.IsCompletedSuccessfully && !state.Result.User.IsSignedIn)
            Replace(null);
    }
}
