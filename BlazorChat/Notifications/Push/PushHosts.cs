using System.Net;
using System.Net.Sockets;
using BlazorChat.Common.Net;
using Microsoft.Extensions.Options;

namespace BlazorChat.Notifications.Push;

/// <summary>
/// The hosts to which messages are sent. A browser names its push service, so anybody with an account could name a machine that only this
/// server reaches. Its addresses are checked when it is registered and again at each connection (<see cref="PublicHosts"/>).
/// </summary>
internal sealed class PushHosts(IOptions<PushOptions> options)
{
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    private readonly PublicHosts _hosts = new(options.Value.ParseAllowedHosts());

    /// <summary>Whether an endpoint may be registered and messages be sent to it. It does not resolve a name.</summary>
    public bool Allows(Uri endpoint) => _hosts.Allows(endpoint) && (endpoint.Scheme == Uri.UriSchemeHttps || _hosts.IsAllowed(endpoint));

    /// <summary>
    /// Whether an endpoint may be registered: it is allowed, and its host has a public address now. A name without an address gets the same answer as
    /// one with private addresses, so that nobody learns which names a private network has.
    /// </summary>
    public async Task<bool> CanRegisterAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        if (!Allows(endpoint))
            return false;
        if (_hosts.IsAllowed(endpoint))
            return true;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResolveTimeout);
        try
        {
            return Array.Exists(await Dns.GetHostAddressesAsync(PublicHosts.NameOf(endpoint), timeout.Token), PublicAddresses.IsPublic);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc cref="PublicHosts.ConnectAsync"/>
    public ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken) => _hosts.ConnectAsync(endpoint, cancellationToken);
}
