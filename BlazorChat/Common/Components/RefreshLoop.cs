namespace BlazorChat.Common.Components;

/// <summary>
/// Reads what a component shows again soon: once for all events of a moment, and at most once a second. The reads are spread, since one event may reach
/// many circuits. Call it on the renderer's dispatcher.
/// </summary>
/// <param name="read">Reads what is shown.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed partial class RefreshLoop(Func<Task> read, ILogger logger, TimeProvider time, CancellationToken closed)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private bool _isStale;
    private long? _readAt;

    public bool IsRunning { get; private set; }

    public void Request()
    {
        _isStale = true;
        if (!IsRunning)
            _ = RunAsync();
    }

    private async Task RunAsync()
    {
        IsRunning = true;
        while (_isStale)
        {
            await Task.Delay(NextDelay(), time, closed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (closed.IsCancellationRequested)
                break;
            // An event that comes while it is read may not be in the answer.
            _isStale = false;
            _readAt = time.GetTimestamp();
            await TryReadAsync();
        }

        IsRunning = false;
    }

    private TimeSpan NextDelay()
    {
        var spread = Moment * Random.Shared.NextDouble();
        var rest = _readAt is { } at ? Moment - time.GetElapsedTime(at) : TimeSpan.Zero;
        return rest > spread ? rest : spread;
    }

    private async Task TryReadAsync()
    {
        try
        {
            await read();
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // The component is disposed.
        }
        catch (Exception exception)
        {
            LogNotRead(logger, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What a component shows could not be read again; it is read with the next event")]
    private static partial void LogNotRead(ILogger logger, Exception exception);
}
