using Microsoft.JSInterop;

namespace BlazorChat.Common.Components;

internal static class BrowserNavigation
{
    /// <summary>
    /// Leaves the circuit for another page of this place. The navigation manager would wait for an answer of the page that is being left, and
    /// end the circuit with an error when none comes.
    /// </summary>
    public static async Task LoadPageAsync(this IJSRuntime js, string address)
    {
        try
        {
            await js.InvokeVoidAsync("Blazor.navigateTo", address, true);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, as it was to be, or its tab.
        }
    }
}
