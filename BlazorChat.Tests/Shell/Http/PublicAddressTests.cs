using System.Net;
using System.Text.Json;
using BlazorChat.Shell.Http;

namespace BlazorChat.Tests.Shell.Http;

/// <summary>A node with a public address, and the words of proxies about theirs.</summary>
public sealed class PublicAddressTests(PublicAddressTests.PublicSite site) : IClassFixture<PublicAddressTests.PublicSite>
{
    private const string Host = "chat.example.org:8080";
    private const string PublicUrl = $"http://{Host}";

    private readonly Node _node = site.Node;

    [Fact]
    public async Task A11_Links_follow_the_public_address_whatever_port_the_proxy_names()
    {
        using var ada = site.NewAda("chat.example.org");

        Assert.StartsWith($"{PublicUrl}/", (await ada.GetPageAsync("admin/invitations")).QuerySelector("#invitation-link")!.TextContent, StringComparison.Ordinal);
        using var robots = await ada.GetAsync("robots.txt");
        Assert.Contains($"Sitemap: {PublicUrl}/sitemap.xml", await robots.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A11_Passkeys_belong_to_the_public_address()
    {
        using var nobody = new FormClient(_node.Address, forwardedHost: Host);
        var page = await nobody.GetPageAsync("account/login");
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);

        using var answer = await nobody.PostAsync("account/passkeys/request-options", form);

        using var options = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("chat.example.org", options.RootElement.GetProperty("rpId").GetString());
    }

    [Fact]
    public async Task A11_Pages_of_the_public_address_open_sockets_and_circuits_and_others_do_not()
    {
        foreach (var path in new[] { "ws/liveblog/", "_blazor" })
        {
            Assert.Equal(HttpStatusCode.SwitchingProtocols, await StatusAsync(path, PublicUrl, Host));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path, "https://chat.example.org", Host));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path, $"http://{_node.Address.Authority}", Host));
        }
    }

    [Fact]
    public async Task G17_Other_hosts_are_refused_with_the_public_address_but_probes_are_answered()
    {
        using var http = new HttpClient { BaseAddress = _node.Address };

        using var page = await http.GetAsync(new Uri("liveblogs", UriKind.Relative));
        using var probe = await http.GetAsync(new Uri("health/ready", UriKind.Relative));

        Assert.Equal(HttpStatusCode.MisdirectedRequest, page.StatusCode);
        Assert.Contains(PublicUrl, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        await _node.WaitForLogAsync($"A request to the host {_node.Address.Authority} was refused: Shell:PublicUrl is {PublicUrl}");
    }

    [Theory]
    [InlineData("https://chat.example.org/")]
    [InlineData("http://10.0.0.5:5080")]
    [InlineData("")]
    [InlineData(null)]
    public void The_setting_is_an_address_or_nothing(string? setting) => Assert.Equal(string.IsNullOrEmpty(setting), PublicAddress.Read(setting) is null);

    [Theory]
    [InlineData("chat.example.org")]
    [InlineData("https://chat.example.org/chat")]
    [InlineData("https://chat.example.org/?a")]
    [InlineData("https://ada@chat.example.org")]
    [InlineData("ftp://chat.example.org")]
    public void Another_setting_is_named_at_the_start(string setting) =>
        Assert.Contains(setting, Assert.Throws<InvalidOperationException>(() => PublicAddress.Read(setting)).Message, StringComparison.Ordinal);

    private Task<HttpStatusCode> StatusAsync(string path, string origin, string host) =>
        SocketClient.StatusAsync(_node.Address, path, origin: origin, headers: ("X-Forwarded-Host", host));

    public sealed class PublicSite : IAsyncLifetime
    {
        private readonly CookieContainer _cookies = new();

        public Node Node { get; private set; } = default!;

        public async ValueTask InitializeAsync()
        {
            Node = await HostedNode.StartAsync(null, $"Shell:PublicUrl={PublicUrl}");
            using var ada = NewAda(Host);
            await ada.SetUpAsync();
            _cookies.Add(ada.Cookies.GetAllCookies());
        }

        public ValueTask DisposeAsync() => Node.DisposeAsync();

        /// <summary>The admin behind a proxy that sends its own Host and this X-Forwarded-Host.</summary>
        public FormClient NewAda(string forwardedHost)
        {
            var ada = new FormClient(Node.Address, forwardedHost: forwardedHost);
            ada.Cookies.Add(_cookies.GetAllCookies());
            return ada;
        }
    }
}
