using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>
/// The hub connections of this node. When the node stops, it sends each peer SignalR's close message, which asks the peer to reconnect; SignalR
/// itself would only abort the connections.
/// </summary>
internal sealed class HubConnections
{
    /// <summary>How long the node waits for peers to read the close message before it aborts the connections.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, HubCallerContext> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _requests = new();

    public void Add(HubCallerContext connection) => _open[connection.ConnectionId] = connection;

    public void Remove(HubCallerContext connection) => _open.TryRemove(connection.ConnectionId, out _);

    /// <summary>Serves the request of a connection, which ends when everything is sent to the peer.</summary>
    public async Task ServeAsync(HttpContext context, RequestDelegate serve)
    {
        var served = serve(context);
        _requests[served] = true;
        try
        {
            await served;
        }
        finally
        {
            _requests.TryRemove(served, out _);
        }
    }

    /// <summary>
    /// Closes the connections before SignalR does. Both are callbacks of one token, which calls the newest first and waits for it. So this is
    /// registered after SignalR's callback, and returns after the messages are written.
    /// </summary>
    public void CloseOnStopping(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(() =>
    {
        foreach (var connection in _open.Values)
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        Task.WhenAny(Task.WhenAll(_requests.Keys), Task.Delay(CloseTimeout)).Wait();
    });
}
