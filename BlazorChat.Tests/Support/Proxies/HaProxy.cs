using System.Diagnostics;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>HAProxy with the unmodified docs/haproxy.cfg, which reads the addresses from the environment.</summary>
public sealed class HaProxy : LoadBalancer
{
    private string _one = "";
    private string _two = "";

    protected override void Configure(string one, string two) => (_one, _two) = (one, two);

    protected override ProcessStartInfo CreateStart() =>
        new("/usr/sbin/haproxy", ["-f", Path.Combine(Node.Repository, "docs", "haproxy.cfg")])
        {
            Environment = { ["BLAZORCHAT_BIND"] = Bind, ["BLAZORCHAT_NODE_1"] = _one, ["BLAZORCHAT_NODE_2"] = _two },
        };
}
