using System.Diagnostics.CodeAnalysis;
using Microsoft.JSInterop;

namespace BlazorChat.Common.Components;

/// <summary>
/// The script that belongs to a component in the browser: a module whose <c>attach</c> answers with an object, which has a <c>detach</c>. Calls end
/// quietly when the browser is gone: a tab is closed at any moment, and its calls are then cancelled or refused.
/// </summary>
internal sealed class ComponentScript(IJSRuntime js)
{
    private IJSObjectReference? _attached;

    /// <summary>Whether the script is there to be called.</summary>
    public bool IsAttached => _attached is not null;

    /// <param name="module">Its address.</param>
    /// <param name="arguments">Of <c>attach</c>.</param>
    public Task AttachAsync(string module, CancellationToken cancellationToken, params object?[] arguments) => TryAsync(async () =>
    {
        await using var imported = await js.InvokeAsync<IJSObjectReference>("import", cancellationToken, module);
        // To its end: what was attached halfway could not be detached.
        _attached = await imported.InvokeAsync<IJSObjectReference>("attach", CancellationToken.None, arguments);
        if (cancellationToken.IsCancellationRequested)
            await DetachAsync<object>();
    });

    /// <summary>Calls a function of what was attached; nothing before that.</summary>
    /// <param name="cancellationToken">Of the component: a page that is being left answers no more.</param>
    public Task CallAsync(string function, CancellationToken cancellationToken, params object?[] arguments) =>
        _attached is null ? Task.CompletedTask : TryAsync(() => _attached.InvokeVoidAsync(function, cancellationToken, arguments).AsTask());

    /// <summary>Detaches it; what <c>detach</c> answered, or the default value without a browser.</summary>
    public async Task<T?> DetachAsync<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)] T>()
    {
        if (_attached is not { } attached)
            return default;
        _attached = null;
        T? answer = default;
        await TryAsync(async () =>
        {
            answer = await attached.InvokeAsync<T>("detach");
            await attached.DisposeAsync();
        });
        return answer;
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The browser is gone, and what its scripts held with it.
        }
    }
}
