using System.Net;
using BlazorChat.Tests.Liveblogs;

namespace BlazorChat.Tests.Shell.Http;

/// <summary>What a node without a public address believes: the proxies on its machine, where these tests are.</summary>
[Collection(nameof(ReaderSite))]
public sealed class ProxiesTests(ReaderSite site)
{
    private static readonly (string, string)[] Proxy = [("X-Forwarded-Host", "chat.example.org"), ("X-Forwarded-Proto", "https")];

    [Fact]
    public async Task A11_A_believed_proxys_host_and_scheme_count_for_origins()
    {
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await StatusAsync("https://chat.example.org", Proxy));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("http://chat.example.org", Proxy));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://evil.example", Proxy));
    }

    [Fact]
    public async Task A12_A_page_over_https_is_refused_when_the_proxy_hides_it_and_the_log_says_what_to_do()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync($"https://{site.Node.Address.Authority}", []));

        await site.Node.WaitForLogAsync("let the proxy send X-Forwarded-Proto");
    }

    [Fact]
    public async Task G17_What_one_host_is_given_of_a_readers_page_is_never_given_to_another()
    {
        await site.StartAsync("hosts");
        using var evil = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Node.Address, "liveblogs/hosts")) { Headers = { Host = "evil.example" } };
        using var http = new HttpClient();
        using var theirs = await http.SendAsync(evil);
        Assert.Contains("evil.example", await theirs.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var page = await http.GetStringAsync(new Uri(site.Node.Address, "liveblogs/hosts"));

        Assert.DoesNotContain("evil.example", page, StringComparison.Ordinal);
        Assert.Contains($"{site.Node.Address}liveblogs/hosts", page, StringComparison.Ordinal);
    }

    private Task<HttpStatusCode> StatusAsync(string origin, (string, string)[] headers) =>
        SocketClient.StatusAsync(site.Node.Address, "ws/liveblog/", origin: origin, headers: headers);
}
