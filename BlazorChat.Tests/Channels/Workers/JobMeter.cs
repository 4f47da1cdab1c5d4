using System.Diagnostics.Metrics;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>Reads the meters of one worker channel of this process: what they count is also when it has happened.</summary>
internal sealed class JobMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counts = [];
    private readonly List<(string Name, long Count, TaskCompletionSource Reached)> _awaited = [];
    private readonly Lock _gate = new();

    public JobMeter(string worker)
    {
        const string Prefix = "blazorchat.channels.jobs.";
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name.StartsWith(Prefix, StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags is [{ Key: "worker", Value: string name }] && name == worker)
                Count(instrument.Name[Prefix.Length..], value, instrument is Gauge<long>);
        });
        _listener.Start();
    }

    /// <summary>"done", "failed", "dead" or "waiting".</summary>
    public long this[string name]
    {
        get
        {
            lock (_gate)
                return _counts.GetValueOrDefault(name);
        }
    }

    /// <summary>Returns when the meter stands at this or more.</summary>
    /// <exception cref="TimeoutException">It did not within <see cref="TestWait.Limit"/>.</exception>
    public async Task ReachAsync(string name, long count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited.Add((name, count, reached));
            CompleteReached();
        }

        await reached.Task.WaitAsync(TestWait.Limit);
    }

    public void Dispose() => _listener.Dispose();

    private void Count(string name, long value, bool isGauge)
    {
        lock (_gate)
        {
            _counts[name] = isGauge ? value : _counts.GetValueOrDefault(name) + value;
            CompleteReached();
        }
    }

    private void CompleteReached()
    {
        foreach (var (_, _, reached) in _awaited.Where(awaited => _counts.GetValueOrDefault(awaited.Name) >= awaited.Count))
            reached.TrySetResult();
    }
}
