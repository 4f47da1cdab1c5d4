using System.Threading.Channels;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>
/// The envelopes that wait for Redis, published in order. When the queue is full, or Redis does not accept an envelope, it is lost and counted.
/// Any thread may publish.
/// </summary>
/// <param name="failed">Called with the exception when envelopes were lost because Redis failed.</param>
internal sealed class RedisPublisher(RedisPubSub redis, int capacity, ChannelMetrics metrics, Action<Exception> failed)
{
    private const int MaxInFlight = 256;

    private readonly Channel<(string Group, byte[] Envelope)> _waiting = Channel.CreateBounded<(string, byte[])>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private Task _running = Task.CompletedTask;
    private long _lost;

    /// <summary>The number of envelopes that were lost since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void Publish(string group, byte[] envelope)
    {
        if (!_waiting.Writer.TryWrite((group, envelope)))
            Lose(1);
    }

    /// <summary>Counts envelopes that reach no other node.</summary>
    public void Lose(int count)
    {
        Interlocked.Add(ref _lost, count);
        metrics.Dropped("backplane", count);
    }

    public Task RunAsync(CancellationToken stoppingToken) => _running = SendAsync(stoppingToken);

    /// <summary>Accepts no more envelopes, and completes when the waiting ones are sent.</summary>
    public Task CompleteAsync()
    {
        _waiting.Writer.TryComplete();
        return _running;
    }

    /// <summary>Sends up to 256 envelopes before it waits for their answers.</summary>
    private async Task SendAsync(CancellationToken stoppingToken)
    {
        var inFlight = new List<Task>(MaxInFlight);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                while (inFlight.Count < MaxInFlight && _waiting.Reader.TryRead(out var next))
                    inFlight.Add(redis.SendAsync(next.Group, next.Envelope));
                try
                {
                    await redis.WaitAsync(Task.WhenAll(inFlight), stoppingToken);
                }
                catch (Exception exception) when (RedisProblem.IsFailure(exception))
                {
                    Lose(inFlight.Count(task => !task.IsCompletedSuccessfully));
                    failed(exception);
                }

                inFlight.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }
}
