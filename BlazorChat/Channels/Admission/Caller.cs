using System.Net;
using System.Net.Sockets;

namespace BlazorChat.Channels.Admission;

/// <summary>The key of limits per IP address.</summary>
internal static class Caller
{
    /// <summary>
    /// Returns the key of an address: an IPv4 address as it is, and the first 64 bits of an IPv6 address, because one home has the 2^64
    /// addresses behind them. Empty when the address is unknown.
    /// </summary>
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
