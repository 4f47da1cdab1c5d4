using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace BlazorChat.Rooms.Api.Hub;

/// <summary>
/// The hub connections of this node. When the node stops, each is closed with SignalR's close message that asks its peer to
/// reconnect; SignalR alone would cut them off.
/// </summary>
internal sealed class HubConnections
{
    /// <summary>How long the node waits for peers to take the close message. One that does not read is cut off then.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, HubCallerContext> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _requests = new();

    public void Add(HubCallerContext connection) => _open[connection.ConnectionId] = connection;

    public void Remove(HubCallerContext connection) => _open.TryRemove(connection.ConnectionId, out _);

    /// <summary>Serves the request of a connection, which ends when the peer has been sent everything.</summary>
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
    /// Closes the connections before SignalR does. Both are callbacks of the same token, which calls the newest one first and
    /// waits for it, so this must be registered after SignalR's and must not return before the messages are written.
    /// </summary>
    public void CloseOnStopping(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(() =>
    {
        foreach (var connection in _open.Values)
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        Task.WhenAny(Task.WhenAll(_requests.Keys), Task.Delay(CloseTimeout)).Wait();
    });
}
