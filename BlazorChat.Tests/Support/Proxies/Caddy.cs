using System.Diagnostics;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>Caddy with the unmodified docs/Caddyfile, which reads the addresses from the environment.</summary>
public sealed class Caddy : LoadBalancer
{
    private string _one = "";
    private string _two = "";

    protected override void Configure(string one, string two) => (_one, _two) = (one, two);

    protected override ProcessStartInfo CreateStart() =>
        new("/usr/bin/caddy", ["run", "--config", Path.Combine(Node.Repository, "docs", "Caddyfile"), "--adapter", "caddyfile"])
        {
            Environment =
            {
                ["BLAZORCHAT_SITE"] = $"http://{Bind}",
                ["BLAZORCHAT_NODE_1"] = _one,
                ["BLAZORCHAT_NODE_2"] = _two,
                // Several may run at once, each with its own files and admin socket.
                ["BLAZORCHAT_CADDY_ADMIN"] = $"unix/{Path.Combine(Folder, "admin.sock")}",
                ["XDG_CONFIG_HOME"] = Folder,
                ["XDG_DATA_HOME"] = Folder,
            },
        };
}
