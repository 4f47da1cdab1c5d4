namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// Reads numbers of the drawer again soon: once for all events of a moment, since one event may reach many circuits. Call it on the renderer's
/// dispatcher.
/// </summary>
/// <param name="read">Reads the numbers.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed partial class DrawerRefresh(Func<Task> read, ILogger logger, TimeProvider time, CancellationToken closed)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private bool _isStale;

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
            await Task.Delay(Moment * Random.Shared.NextDouble(), time, closed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (closed.IsCancellationRequested)
                break;
            // An event that comes while they are read may not be in the answer.
            _isStale = false;
            await TryReadAsync();
        }

        IsRunning = false;
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

    [LoggerMessage(1, LogLevel.Warning, "Unread mentions or replies could not be counted; the drawer counts them again with the next event")]
    private static partial void LogNotRead(ILogger logger, Exception exception);
}
