using System.Security.Claims;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Channels.Consumers;

/// <summary>Connects consumers that belong to the node itself, not to a visitor. The caller disposes the consumers that it connects.</summary>
internal sealed class NodeConnector(ChannelLayer layer, IServiceProvider services)
{
    public ValueTask ConnectAsync(Consumer consumer, CancellationToken cancellationToken = default) => consumer.ConnectAsync(
        new ConsumerScope { Protocol = "node", Path = "", User = new ClaimsPrincipal(new ClaimsIdentity()), Services = services },
        layer,
        cancellationToken);
}
