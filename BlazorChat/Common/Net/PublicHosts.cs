using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;

namespace BlazorChat.Common.Net;

/// <summary>
/// The hosts that this server connects to because somebody has named them. A person could name a machine that only this server reaches. The addresses of
/// a name are checked at each connection, since a name can get another address.
/// </summary>
/// <param name="allowed">Hosts that the operator allows although they are not public, as <see cref="Parse"/> returns them.</param>
internal sealed class PublicHosts(IEnumerable<(string Host, int Port)> allowed)
{
    private readonly FrozenSet<(string Host, int Port)> _allowed = allowed.ToFrozenSet();

    /// <summary>Whether the operator allows the host and port of an address.</summary>
    public bool IsAllowed(Uri address) => _allowed.Contains((NameOf(address), address.Port));

    /// <summary>
    /// Whether an address of HTTP may be connected to: the operator allows it, or it is at the default port of its scheme, and no private IP address. It
    /// does not resolve a name.
    /// </summary>
    public bool Allows(Uri address)
    {
        if (!address.IsAbsoluteUri || address.UserInfo.Length > 0 || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            return false;
        return IsAllowed(address)
            || (address.IsDefaultPort && (!IPAddress.TryParse(NameOf(address), out var ip) || PublicAddresses.IsPublic(ip)));
    }

    /// <summary>Connects to a host, unless none of its addresses is public.</summary>
    /// <exception cref="PrivateHostException">No address is public.</exception>
    /// <exception cref="SocketException">It is not reachable.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        if (!_allowed.Contains((endpoint.Host.ToLowerInvariant(), endpoint.Port)))
            addresses = Array.FindAll(addresses, PublicAddresses.IsPublic);
        if (addresses.Length == 0)
            throw new PrivateHostException();
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
    public static string NameOf(Uri address) => address.IdnHost.ToLowerInvariant();

    /// <summary>A host and a port of the settings, as in <c>push.example.org:8443</c>; null for anything else.</summary>
    public static (string Host, int Port)? Parse(string? entry)
    {
        // The scheme has no port that could be left out.
        if (!Uri.TryCreate($"host://{entry}", UriKind.Absolute, out var address) || address.Port < 1 || address.UserInfo.Length > 0)
            return null;
        return address.PathAndQuery.Trim('/').Length == 0 && address.Fragment.Length == 0 ? (NameOf(address), address.Port) : null;
    }
}

/// <summary>A host is in a private network.</summary>
internal sealed class PrivateHostException() : IOException("No address of the host is public.");
