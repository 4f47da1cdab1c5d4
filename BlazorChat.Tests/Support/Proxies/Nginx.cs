using System.Diagnostics;
using System.Text.RegularExpressions;

namespace BlazorChat.Tests.Support.Proxies;

/// <summary>
/// nginx as Debian configures it, with a site in its folder conf.d: docs/nginx.conf with other addresses, or a site without any setting
/// (<see cref="WithDefaults"/>).
/// </summary>
public sealed partial class Nginx : LoadBalancer
{
    private const string System = "/etc/nginx/nginx.conf";

    private bool _hasDefaults;

    /// <summary>Creates a proxy with a minimal configuration of three lines.</summary>
    public static Nginx WithDefaults() => new() { _hasDefaults = true };

    protected override void Configure(string one, string two)
    {
        var site = _hasDefaults
            ? $$"""server { listen {{Bind}}; location / { proxy_pass http://{{one}}; proxy_set_header Host $http_host; } }"""
            : ReadConfiguration("nginx.conf")
                .Replace("listen 80;", $"listen {Bind};", StringComparison.Ordinal)
                .Replace("10.0.0.11:5080", one, StringComparison.Ordinal)
                .Replace("10.0.0.12:5080", two, StringComparison.Ordinal);
        File.WriteAllText(PathOf("site.conf"), site);
        var main = File.ReadAllText(System)
            .Replace("/etc/nginx/conf.d/*.conf", PathOf("site.conf"), StringComparison.Ordinal)
            .Replace("/run/nginx.pid", PathOf("nginx.pid"), StringComparison.Ordinal)
            .Replace("/var/log/nginx/", Folder + "/", StringComparison.Ordinal);
        // The sites of the machine are left out, and its user could not read the folder of the test.
        File.WriteAllText(PathOf("nginx.conf"), Others().Replace(main, ""));
    }

    protected override ProcessStartInfo CreateStart() => new("/usr/sbin/nginx", ["-p", Folder, "-c", PathOf("nginx.conf"), "-e", PathOf("error.log"), "-g", Globals()]);

    private static string Globals() => "daemon off;" + (Environment.UserName == "root" ? " user root;" : "");

    private string PathOf(string name) => Path.Combine(Folder, name);

    [GeneratedRegex(@"^\s*(user|include /etc/nginx/sites-enabled|worker_processes).*;\s*$", RegexOptions.Multiline)]
    private static partial Regex Others();
}
