using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Support.Nodes;

internal static class LayerStates
{
    /// <summary>Waits until the layer is in a state.</summary>
    /// <exception cref="TimeoutException">The layer did not reach it within <see cref="TestWait.Limit"/>.</exception>
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
        await reached.Task.WaitAsync(TestWait.Limit);
    }
}
