using BlazorChat.Channels.Layer;

namespace BlazorChat.Tests.Feeds;

/// <summary>
/// A backplane that loses, doubles, delays and reorders envelopes. Like every backplane it signals a gap to a node that may have lost one, but
/// late.
/// </summary>
internal sealed class ChaosNetwork(int seed)
{
    private readonly List<IBackplaneListener> _nodes = [];
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    public IBackplane Connect() => new Wire(this);

    private void Publish(IBackplaneListener from, string group, byte[] envelope)
    {
        foreach (var node in _nodes.Where(node => node != from))
        {
            int fate, late, again;
            lock (_gate)
                (fate, late, again) = (_random.Next(10), _random.Next(30), _random.Next(80));
            if (fate < 2)
                After(late, node.SignalGap);
            else
                After(late, () => node.Receive(group, envelope));
            if (fate == 9)
                After(again, () => node.Receive(group, envelope));
        }
    }

    private static void After(int milliseconds, Action action) =>
        _ = Task.Delay(milliseconds).ContinueWith(_ => action(), TaskScheduler.Default);

    private sealed class Wire(ChaosNetwork network) : IBackplane
    {
        private IBackplaneListener _listener = default!;

        public LayerState State => LayerState.Connected;

        public void Start(IBackplaneListener listener)
        {
            _listener = listener;
            network._nodes.Add(listener);
        }

        public void Publish(string group, byte[] envelope) => network.Publish(_listener, group, envelope);

        public Task SubscribeAsync(string group) => Task.CompletedTask;

        public Task UnsubscribeAsync(string group) => Task.CompletedTask;
    }
}
