using BlazorChat.Channels.Layer;
using BlazorChat.Common;

namespace BlazorChat.Rooms.Directory;

/// <summary>Publishes to all lists which rooms have new messages: at once, then at most once a second for all rooms together.</summary>
internal sealed class RoomActivity(IChannelLayer layer, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The most rooms in one event.</summary>
    private const int BatchSize = 1_000;

    private readonly Dictionary<int, long> _newest = [];
    private readonly Signal _added = new();
    private readonly Lock _gate = new();

    /// <summary>Adds a message that this node wrote to the next event.</summary>
    public void Add(int roomId, long sequence)
    {
        lock (_gate)
            _newest[roomId] = Math.Max(sequence, _newest.GetValueOrDefault(roomId));
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

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<int, long>[] newest;
        lock (_gate)
        {
            newest = [.. _newest];
            _newest.Clear();
        }

        foreach (var batch in newest.Chunk(BatchSize))
            await layer.PublishAsync(RoomGroups.Activity, new RoomsActivity(batch.ToDictionary()), cancellationToken);
    }
}
