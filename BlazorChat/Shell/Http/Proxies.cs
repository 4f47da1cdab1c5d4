using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace BlazorChat.Shell.Http;

/// <summary>
/// The proxies that are trusted for the address of a client, and the scheme and host of its request: those on this machine, and the
/// addresses and networks of the setting <c>Shell:Proxies</c>, separated by commas.
/// </summary>
internal static class Proxies
{
    /// <exception cref="InvalidOperationException">The setting holds something that is neither an address nor a network.</exception>
    public static void AddProxies(this IServiceCollection services, string? setting) =>
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            // Through a chain of trusted proxies, back to the client.
            options.ForwardLimit = null;
            foreach (var proxy in (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (IPAddress.TryParse(proxy, out var address))
                    options.KnownProxies.Add(address);
                else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                    options.KnownIPNetworks.Add(network);
                else
                    throw new InvalidOperationException($"Shell:Proxies: '{proxy}' is neither an address nor a network like 10.0.0.0/8.");
            }
        });
}
