using System.Diagnostics;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>HAProxy with docs/haproxy.cfg as it is: its addresses come from the environment.</summary>
public sealed class HaProxy : LoadBalancer
{
    private string _one = "";
    private string _two = "";

    protected override void Configure(string one, string two) => (_one, _two) = (one, two);

    protected override ProcessStartInfo CreateStart() =>
        new("/usr/sbin/haproxy", ["-f", Path.Combine(NodeProcess.Repository, "docs", "haproxy.cfg")])
        {
            Environment = { ["BLAZORCHAT_BIND"] = Bind, ["BLAZORCHAT_NODE_1"] = _one, ["BLAZORCHAT_NODE_2"] = _two },
        };
}
