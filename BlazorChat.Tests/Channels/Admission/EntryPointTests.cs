using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace BlazorChat.Tests.Channels.Admission;

/// <summary>The entry points of a real node. Each test has an address of its own, in the header of a proxy.</summary>
[Trait("Speed", "Slow")]
public sealed class EntryPointTests(EntryPointTests.StrictSite site) : IClassFixture<EntryPointTests.StrictSite>
{
    private readonly Node _node = site.Node;

    [Theory]
    [InlineData("_blazor/negotiate?negotiateVersion=1", HttpStatusCode.OK)]
    [InlineData("_blazor/negotiate?negotiateVersion=1&id=x", HttpStatusCode.OK)]
    [InlineData("hubs/chat/negotiate?id=", HttpStatusCode.Unauthorized)]
    [InlineData("hubs/chat/negotiate?id=x", HttpStatusCode.Unauthorized)]
    [InlineData("api/rooms/1/messages", HttpStatusCode.Unauthorized)]
    public async Task G3_G9_An_address_without_a_cookie_is_admitted_so_often_and_another_address_still_is(string path, HttpStatusCode admitted)
    {
        using var nobody = NewClient();
        using var other = NewClient();

        await MinuteLimit.AssertAsync(admitted, _ => PostAsync(nobody, path));

        Assert.Equal(admitted, await PostAsync(other, path));
    }

    [Fact]
    public async Task G3_Circuits_without_a_negotiation_are_counted_too_and_so_are_those_of_members()
    {
        var address = site.NextAddress();

        await MinuteLimit.AssertAsync(HttpStatusCode.SwitchingProtocols, i => i % 2 == 0
            ? SocketClient.StatusAsync(_node.Address, "_blazor", headers: ForwardedFor(address))
            : SocketClient.StatusAsync(_node.Address, "_blazor?id=", site.Ada.Cookies, headers: ForwardedFor(address)));
    }

    [Fact]
    public async Task Uploads_are_counted()
    {
        using var nobody = NewClient();

        await MinuteLimit.AssertAsync(HttpStatusCode.Unauthorized, _ => PutAsync(nobody));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("https://127.0.0.1")]
    public async Task A12_A_page_of_another_origin_opens_no_circuit_with_its_visitors_cookie(string origin)
    {
        if (origin == "https://127.0.0.1")
            origin = $"https://{_node.Address.Authority}";

        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(_node.Address, "_blazor", site.Ada.Cookies, origin));
        Assert.Equal(HttpStatusCode.Forbidden, await SocketClient.StatusAsync(_node.Address, "_blazor?id=x", site.Ada.Cookies, origin));
        Assert.Equal(
            HttpStatusCode.SwitchingProtocols,
            await SocketClient.StatusAsync(_node.Address, "_blazor", site.Ada.Cookies, _node.Address.GetLeftPart(UriPartial.Authority)));
    }

    [Fact]
    public async Task G13_Echo_is_there_by_its_setting_only() =>
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(_node.Address, "ws/echo/"));

    [Fact]
    public async Task G13_Echo_is_not_there_in_production_by_default()
    {
        await using var node = await NodeProcess.StartAsync(null, "environment=Production");
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();

        await node.WaitForLogAsync("Hosting environment: Production");
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.StatusAsync(node.Address, "ws/echo/"));
    }

    [Fact]
    public async Task G22_A_connection_that_begins_no_circuit_is_ended_and_an_open_page_is_not()
    {
        await using var page = await HeadlessCircuit.OpenAsync(site.Ada, "", _ => { });
        await using var idle = await SocketClient.ConnectAsync(_node.Address, "_blazor", headers: ForwardedFor(site.NextAddress()));

        await idle.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text);

        // It came after the page, so the page's time was over before its own.
        await idle.EndedAsync();
        Assert.True(page.IsConnected);
    }

    private FormClient NewClient() => new(_node.Address, site.NextAddress());

    private static async Task<HttpStatusCode> PostAsync(FormClient client, string path)
    {
        using var nothing = new StringContent("");
        using var answer = await client.PostAsync(path, nothing);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PutAsync(FormClient client)
    {
        using var content = new StringContent("text");
        using var answer = await client.PutAsync($"attachments/{Guid.NewGuid()}?owner=room&ownerId=1&name=a.txt", content);
        return answer.StatusCode;
    }

    private static (string, string) ForwardedFor(string address) => ("X-Forwarded-For", address);

    public sealed class StrictSite : TestSite
    {
        private int _addresses;

        protected override string[] Settings =>
        [
            $"Channels:ConnectionsPerMinute={MinuteLimit.PerMinute}", $"Channels:RequestsPerMinute={MinuteLimit.PerMinute}", "Channels:CircuitStartTimeout=00:00:08", "Channels:Echo=false",
        ];

        public string NextAddress() => $"198.51.100.{Interlocked.Increment(ref _addresses)}";
    }
}
