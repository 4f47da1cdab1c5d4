namespace BlazorChat.Channels.Layer.InMemory;

/// <summary>One node alone: there is nobody to carry anything to.</summary>
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
