using System.Net;
using System.Net.Sockets;

namespace BlazorChat.Channels.Admission;

/// <summary>Whom a limit per address counts together.</summary>
internal static class Caller
{
    /// <summary>A home is given 2^64 addresses of IPv6 at once, so their first half stands for all of them.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
