using BlazorChat.Common;

namespace BlazorChat.Rooms.Directory;

/// <summary>Publishes to all lists what has new messages: at once, then at most once a second for everything together.</summary>
/// <typeparam name="TKey">What has new messages.</typeparam>
internal abstract class ActivityLoop<TKey>(TimeProvider time) : BackgroundService
    where TKey : notnull
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TKey, long> _newest = [];
    private readonly Signal _added = new();
    private readonly Lock _gate = new();

    /// <summary>Adds a message that this node wrote to the next event.</summary>
    /// <param name="key">What has it.</param>
    /// <param name="number">Its position there.</param>
    public void Add(TKey key, long number)
    {
        lock (_gate)
            _newest[key] = Math.Max(number, _newest.GetValueOrDefault(key));
        _added.Set();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await PublishAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _added.WaitAsync(stoppingToken);
            await PublishAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    /// <param name="newest">The newest position, by what has it.</param>
    protected abstract Task PublishAsync(KeyValuePair<TKey, long>[] newest, CancellationToken cancellationToken);

    private Task PublishAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<TKey, long>[] newest;
        lock (_gate)
        {
            newest = [.. _newest];
            _newest.Clear();
        }

        return PublishAsync(newest, cancellationToken);
    }
}
