using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Support.Nodes;

internal static class LayerStates
{
    /// <summary>Returns as soon as the layer is in this state.</summary>
    /// <exception cref="TimeoutException">It was not within 15 seconds.</exception>
    public static async Task WaitForStateAsync(this IChannelLayer layer, LayerState state)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = layer.OnStateChanged(now =>
        {
            if (now == state)
                reached.TrySetResult();
        });
        if (layer.State == state)
            return;
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }
}
