using Microsoft.JSInterop;

namespace BlazorChat.Common.Components;

internal static class BrowserNavigation
{
    /// <summary>
    /// Leaves the circuit for another page of this app. The navigation manager would wait for an answer of the page that is being left, and
    /// end the circuit with an error without one.
    /// </summary>
    public static async Task LoadPageAsync(this IJSRuntime js, string address)
    {
        try
        {
            await js.InvokeVoidAsync("Blazor.navigateTo", address, true);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The page was left, as intended, or its tab was closed.
        }
    }
}
