using BlazorChat.Channels.Layer;
using BlazorChat.Common;

namespace BlazorChat.Rooms.Directory;

/// <summary>
/// Tells every list of rooms which of them have new messages: at once, and then at most once a second for all rooms together,
/// however much is said in them.
/// </summary>
internal sealed class RoomActivity(IChannelLayer layer, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Rooms that one event names at most.</summary>
    private const int BatchSize = 1_000;

    private readonly Dictionary<int, long> _noted = [];
    private readonly Signal _mustTell = new();
    private readonly Lock _gate = new();

    /// <summary>Notes a message that was written here.</summary>
    public void Note(int roomId, long sequence)
    {
        lock (_gate)
            _noted[roomId] = Math.Max(sequence, _noted.GetValueOrDefault(roomId));
        _mustTell.Set();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TellAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _mustTell.WaitAsync(stoppingToken);
            await TellAsync(stoppingToken);
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<int, long>[] noted;
        lock (_gate)
        {
            noted = [.. _noted];
            _noted.Clear();
        }

        foreach (var batch in noted.Chunk(BatchSize))
            await layer.PublishAsync(RoomGroups.Activity, new RoomsActivity(batch.ToDictionary()), cancellationToken);
    }
}
