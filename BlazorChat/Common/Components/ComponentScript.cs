using System.Diagnostics.CodeAnalysis;
using Microsoft.JSInterop;

namespace BlazorChat.Common.Components;

/// <summary>
/// The script of a component: a JavaScript module whose function <c>attach</c> returns an object with a function <c>detach</c>. The page has
/// loaded it under its name (<c>wwwroot/js/app.js</c>, <c>desk.js</c>) before its circuit starts. Calls return without an exception when the
/// browser is disconnected, because a tab may close at any moment.
/// </summary>
internal sealed class ComponentScript(IJSRuntime js)
{
    private IJSObjectReference? _attached;

    /// <summary>Whether the script is attached and can be called.</summary>
    public bool IsAttached => _attached is not null;

    /// <summary>Calls <c>attach</c> of the module.</summary>
    /// <param name="module">The name of the module: that of the component.</param>
    /// <param name="cancellationToken">The token of the component. A script that is attached after it is cancelled is detached at once.</param>
    /// <param name="arguments">The arguments of <c>attach</c>.</param>
    public Task AttachAsync(string module, CancellationToken cancellationToken, params object?[] arguments) => TryAsync(async () =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        // Not cancellable: a script whose attach was interrupted could not be detached.
        _attached = await js.InvokeAsync<IJSObjectReference>(FunctionOf(module, "attach"), CancellationToken.None, arguments);
        if (cancellationToken.IsCancellationRequested)
            await DetachAsync<object>();
    });

    /// <summary>Calls a function of the attached object. Does nothing before <see cref="AttachAsync"/>.</summary>
    /// <param name="function">The name of the function.</param>
    /// <param name="cancellationToken">The token of the component: a page that is being left does not answer.</param>
    /// <param name="arguments">The arguments of the function.</param>
    public Task CallAsync(string function, CancellationToken cancellationToken, params object?[] arguments) =>
        _attached is null ? Task.CompletedTask : TryAsync(() => _attached.InvokeVoidAsync(function, cancellationToken, arguments).AsTask());

    /// <summary>Calls <c>detach</c>.</summary>
    /// <returns>What <c>detach</c> returned; the default value when nothing is attached or the browser is disconnected.</returns>
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

    /// <summary>Calls a function of a module.</summary>
    /// <param name="js">The browser.</param>
    /// <param name="module">The name of the module.</param>
    /// <param name="function">The name of the function.</param>
    /// <param name="cancellationToken">The token of the component.</param>
    /// <param name="arguments">The arguments of the function.</param>
    public static Task CallAsync(IJSRuntime js, string module, string function, CancellationToken cancellationToken, params object?[] arguments) =>
        TryAsync(() => js.InvokeVoidAsync(FunctionOf(module, function), cancellationToken, arguments).AsTask());

    private static string FunctionOf(string module, string function) => $"scripts.{module}.{function}";

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The browser is disconnected, and its scripts have ended.
        }
    }
}
