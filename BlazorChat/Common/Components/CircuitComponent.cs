using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorChat.Common.Components;

/// <summary>
/// The base of components that run commands or follow events in a circuit. Disposing one cancels its requests and ends its connection.
/// </summary>
/// <example>
/// <code>
/// @inherits CircuitComponent
/// &lt;button @onclick="() =&gt; TryAsync(this, user =&gt; Rooms.JoinAsync(user, Id, Closed))"&gt;Join&lt;/button&gt;
/// @CommandError.Of(Commands.ErrorAt(this))
/// </code>
/// </example>
public abstract class CircuitComponent : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();

    protected CircuitComponent() => Closed = _closed.Token;

    /// <summary>Cancelled when the component is disposed.</summary>
    protected CancellationToken Closed { get; }

    /// <summary>What the component connected to events; disposed with it.</summary>
    protected IAsyncDisposable? Connection { get; set; }

    protected ILogger Logger => field ??= Loggers.CreateLogger(GetType());

    private protected ComponentCommands Commands => field ??= new ComponentCommands(Logger, Closed);

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = default!;

    public virtual async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        if (Connection is not null)
            await Connection.DisposeAsync();
        _closed.Dispose();
        GC.SuppressFinalize(this);
    }

    protected async Task<ClaimsPrincipal> GetUserAsync() => (await Authentication).User;

    /// <summary>Runs a command of the user; see <see cref="ComponentCommands.TryAsync"/>.</summary>
    private protected Task<bool> TryAsync(object at, Func<ClaimsPrincipal, Task> command, string? failure = null) =>
        Commands.TryAsync(at, async () => await command(await GetUserAsync()), failure);

    /// <summary>Runs a command that an event caused, and renders, unless the component is disposed.</summary>
    private protected async Task UpdateAsync(object at, Func<ClaimsPrincipal, Task> command, string? failure = null)
    {
        if (Closed.IsCancellationRequested)
            return;
        await TryAsync(at, command, failure);
        StateHasChanged();
    }

    /// <summary>The same for a command that renders what it changes. A component that renders twice holds two trees of itself until it ends.</summary>
    private protected async Task RefreshAsync(object at, Func<ClaimsPrincipal, Task> command, string? failure = null)
    {
        if (Closed.IsCancellationRequested)
            return;
        var shown = Commands.ErrorAt(at);
        await TryAsync(at, command, failure);
        if (Commands.ErrorAt(at) != shown)
            StateHasChanged();
    }
}
