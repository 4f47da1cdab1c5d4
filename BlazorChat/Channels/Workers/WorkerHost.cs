using BlazorChat.Channels.Workers.Queue;
using Microsoft.Extensions.Options;

namespace BlazorChat.Channels.Workers;

/// <summary>
/// Runs the workers of this process. When the process stops, no job of a queue that outlives it is started any more. Running jobs have three
/// quarters of the shutdown timeout; those that are not done by then are released.
/// </summary>
internal sealed class WorkerHost(
    WorkerRegistry registry,
    IJobQueue queue,
    JobNotifier notifier,
    JobRunner runner,
    ChannelMetrics metrics,
    IOptions<WorkerOptions> options,
    IOptions<HostOptions> host,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<WorkerHost> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _interrupted = new();
    private IReadOnlyList<WorkerChannel> _channels = [];
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _channels = options.Value switch
        {
            { Only: { } name } => [registry.Find(name)!],
            { Run: true } => registry.All,
            _ => [],
        };
        // Stops at once, not only when the hosted services before this one have stopped.
        lifetime.ApplicationStopping.Register(Stop);
        foreach (var channel in _channels)
            WorkerLog.Started(logger, channel.Name, channel.Concurrency);
        _running = Task.WhenAll(_channels.SelectMany(channel => Enumerable.Repeat(channel, channel.Concurrency)).Select(RunLoopAsync));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Stop();
        try
        {
            await _running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            WorkerLog.JobsStuck(logger);
        }

        if (queue.OutlivesProcess)
            return;
        foreach (var channel in _channels)
        {
            var counts = await queue.CountAsync(channel.Name, cancellationToken);
            if (counts.Waiting > 0)
                WorkerLog.JobsLost(logger, channel.Name, counts.Waiting);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _interrupted.Dispose();
    }

    private void Stop()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _interrupted.CancelAfter(host.Value.ShutdownTimeout * 0.75);
        _stopping.Cancel();
    }

    private async Task RunLoopAsync(WorkerChannel channel)
    {
        await Task.Yield();
        var added = notifier.Subscribe(channel.Name);
        await new WorkerLoop(channel, queue, added, runner, options.Value, metrics, time, logger, _stopping.Token, _interrupted.Token).RunAsync();
    }
}
