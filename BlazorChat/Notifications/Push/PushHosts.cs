using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace BlazorChat.Notifications.Push;

/// <summary>
/// The hosts to which messages are sent. A browser names its push service, so anybody with an account could name a machine that only this
/// server reaches. Its addresses are checked when it is registered and again at each connection, since a name can get another address.
/// </summary>
internal sealed class PushHosts(IOptions<PushOptions> options)
{
    private const int HttpsPort = 443;

    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    private readonly FrozenSet<(string Host, int Port)> _allowed = options.Value.ParseAllowedHosts().ToFrozenSet();

    /// <summary>Whether an endpoint may be registered and messages be sent to it. It does not resolve a name.</summary>
    public bool Allows(Uri endpoint)
    {
        if (!endpoint.IsAbsoluteUri || endpoint.UserInfo.Length > 0 || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
            return false;
        var host = NameOf(endpoint);
        if (_allowed.Contains((host, endpoint.Port)))
            return true;
        return endpoint.Scheme == Uri.UriSchemeHttps
            && endpoint.Port == HttpsPort
            && (!IPAddress.TryParse(host, out var address) || PublicAddresses.IsPublic(address));
    }

    /// <summary>
    /// Whether an endpoint may be registered: it is allowed, and its host has a public address now. A name without an address gets the same answer as
    /// one with private addresses, so that nobody learns which names a private network has.
    /// </summary>
    public async Task<bool> CanRegisterAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        if (!Allows(endpoint))
            return false;
        var host = NameOf(endpoint);
        if (_allowed.Contains((host, endpoint.Port)))
            return true;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResolveTimeout);
        try
        {
            return Array.Exists(await Dns.GetHostAddressesAsync(host, timeout.Token), PublicAddresses.IsPublic);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Connects to a host, unless none of its addresses is public.</summary>
    /// <exception cref="PushHostException">No address is public.</exception>
    /// <exception cref="SocketException">It is not reachable.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        if (!_allowed.Contains((endpoint.Host.ToLowerInvariant(), endpoint.Port)))
            addresses = Array.FindAll(addresses, PublicAddresses.IsPublic);
        if (addresses.Length == 0)
            throw new PushHostException();
        // The connection is made to these addresses: resolving the name once more could give others.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The name of a host as it is resolved, or an IP address without brackets.</summary>
    internal static string NameOf(Uri address) => address.IdnHost.ToLowerInvariant();
}

/// <summary>A push service is in a private network.</summary>
internal sealed class PushHostException() : IOException("No address of the host is public.");
