namespace BlazorChat.Channels.Layer.InMemory;

/// <summary>The backplane of a single node. It has no other node to carry envelopes to, so it does nothing.</summary>
internal sealed class InMemoryBackplane : IBackplane
{
    public LayerState State => LayerState.Connected;

    public void Start(IBackplaneListener listener)
    {
    }

    public void Publish(string group, byte[] envelope)
    {
    }

    public Task SubscribeAsync(string group) => Task.CompletedTask;

    public Task UnsubscribeAsync(string group) => Task.CompletedTask;
}
