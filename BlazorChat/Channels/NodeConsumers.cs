using System.Security.Claims;

namespace BlazorChat.Channels;

/// <summary>Connects consumers that belong to the node itself and to no visitor. Whoever connects one disposes it.</summary>
internal sealed class NodeConsumers(ChannelLayer layer, IServiceProvider services)
{
    public ValueTask ConnectAsync(Consumer consumer, CancellationToken cancellationToken = default) => consumer.ConnectAsync(
        new ConsumerScope { Protocol = "node", Path = "", User = new ClaimsPrincipal(new ClaimsIdentity()), Services = services },
        layer,
        cancellationToken);
}
