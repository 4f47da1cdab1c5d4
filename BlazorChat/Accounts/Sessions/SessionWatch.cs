using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Sessions;

/// <summary>
/// Closes the connections of sessions that have ended: by events of other nodes, and by reading the database after lost events, at an
/// interval, and every second while nodes are not connected.
/// </summary>
internal sealed partial class SessionWatch(
    SessionDirectory sessions,
    SessionCache cache,
    AdminRights rights,
    ConnectionRegistry connections,
    NodeConnector consumers,
    IChannelLayer layer,
    IOptions<AccountOptions> options,
    TimeProvider time,
    ILogger<SessionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _mustCheck = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = new SessionConsumer(
            ended => sessions.EndHere(ended.SessionIds), changed => rights.Forget(changed.UserId), OnGap);
        await consumers.ConnectAsync(consumer, stoppingToken);
        using var subscription = layer.OnStateChanged(_ => RequestCheck());
        var touched = time.GetTimestamp();
        var swept = 0L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _mustCheck.WaitAsync(layer.State == LayerState.Degraded ? PollInterval : options.Value.RevalidationInterval, stoppingToken);
                sessions.EndHere(await sessions.FindEndedAsync(connections.SessionIds, stoppingToken));
                if (time.GetElapsedTime(touched) > TouchInterval)
                {
                    touched = time.GetTimestamp();
                    await sessions.TouchAsync(connections.SessionIds, stoppingToken);
                }

                if (swept == 0 || time.GetElapsedTime(swept) > SweepInterval)
                {
                    swept = time.GetTimestamp();
                    await sessions.SweepAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogCheckFailed(exception);
                await Task.Delay(PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                RequestCheck();
            }
        }
    }

    private void OnGap()
    {
        cache.Clear();
        rights.Clear();
        RequestCheck();
    }

    private void RequestCheck()
    {
        try
        {
            _mustCheck.Release();
        }
        catch (SemaphoreFullException)
        {
            // A check is requested already.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The ended sessions could not be read; the check is repeated")]
    private partial void LogCheckFailed(Exception exception);
}
