using System.Net;
using System.Net.Sockets;

namespace BlazorChat.Common.Net;

/// <summary>Which IP addresses are reached over the internet, by the registries of IANA for special-purpose addresses (RFC 6890).</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        Network("0.0.0.0/8"), Network("10.0.0.0/8"), Network("100.64.0.0/10"), Network("127.0.0.0/8"), Network("169.254.0.0/16"),
        Network("172.16.0.0/12"), Network("192.0.0.0/24"), Network("192.0.2.0/24"), Network("192.88.99.0/24"), Network("192.168.0.0/16"),
        Network("198.18.0.0/15"), Network("198.51.100.0/24"), Network("203.0.113.0/24"), Network("224.0.0.0/4"), Network("240.0.0.0/4"),
        // Of a public network, but it is a service of the host to the machines of one cloud.
        Network("168.63.129.16/32"),
    ];

    /// <summary>The only addresses that are assigned to networks so far.</summary>
    private static readonly IPNetwork AssignedV6 = Network("2000::/3");

    /// <summary>Within the assigned ones: protocols, among them Teredo, which reaches IPv4 addresses; examples; 6to4, which does so too.</summary>
    private static readonly IPNetwork[] SpecialV6 =
    [
        Network("2001::/23"), Network("2001:db8::/32"), Network("2002::/16"), Network("3fff::/20"),
    ];

    /// <summary>IPv4 addresses in networks that have IPv6 only; the last four bytes are the address (RFC 6052).</summary>
    private static readonly IPNetwork Translated = Network("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (Translated.Contains(address))
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Array.Exists(SpecialV4, network => network.Contains(address))
            : AssignedV6.Contains(address) && !Array.Exists(SpecialV6, network => network.Contains(address));
    }

    private static IPNetwork Network(string text) => IPNetwork.Parse(text);
}
