using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Sessions;

/// <summary>
/// Closes the connections of sessions that have ended: by events of other nodes, and by reading the database after lost events, at an
/// interval, and every second while nodes are not connected.
/// </summary>
internal sealed class SessionWatch(
    SessionDirectory sessions,
    SessionCache cache,
    AdminRights rights,
    ConnectionRegistry connections,
    NodeConnector consumers,
    IChannelLayer layer,
    IOptions<AccountOptions> options,
    TimeProvider time,
    ILogger<SessionWatch> logger) : ResyncService(layer, time, logger)
{
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    private long _touched = time.GetTimestamp();
    private long? _swept;

    protected override TimeSpan ConnectedInterval => options.Value.RevalidationInterval;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var consumer = new SessionConsumer(
            ended => sessions.EndHere(ended.SessionIds), changed => rights.Forget(changed.UserId), OnGap);
        await consumers.ConnectAsync(consumer, stoppingToken);
        await base.ExecuteAsync(stoppingToken);
    }

    protected override async Task ResyncAsync(CancellationToken cancellationToken)
    {
        sessions.EndHere(await sessions.FindEndedAsync(connections.SessionIds, cancellationToken));
        if (Time.GetElapsedTime(_touched) > TouchInterval)
        {
            _touched = Time.GetTimestamp();
            await sessions.TouchAsync(connections.SessionIds, cancellationToken);
        }

        if (_swept is not { } swept || Time.GetElapsedTime(swept) > SweepInterval)
        {
            _swept = Time.GetTimestamp();
            await sessions.SweepAsync(cancellationToken);
        }
    }

    private void OnGap()
    {
        cache.Clear();
        rights.Clear();
        RequestResync();
    }
}
