using System.Net;
using System.Security.Cryptography;
using BlazorChat.Tests.Browser.Liveblogs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>Each proxy of docs/deployment.md before two nodes, with its configuration from there.</summary>
public sealed class ProxyTests(ProxyTests.TwoNodes nodes, BrowserFixture browser) : IClassFixture<ProxyTests.TwoNodes>
{
    private const int Megabyte = 1024 * 1024;

    public static TheoryData<string> Proxies => [nameof(HaProxy), nameof(Nginx), nameof(Caddy)];

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task People_and_programs_talk_through_it_also_after_it_was_restarted(string name)
    {
        await using var proxy = await StartAsync(name);
        await using var ada = await browser.NewPersonAsync(proxy.Address, "Ada");
        ada.ExpectedErrors.AddRange(LiveblogSite.Outage);
        await ada.SignInAsync();
        await ada.OpenRoomAsync(1);
        using var member = await SignInAsync(proxy);
        await using var program = await SocketClient.ConnectAsync(proxy.Address, "ws/chat/1/chat/", member.Cookies, proxy.Address.GetLeftPart(UriPartial.Authority));

        await ada.SendMessageAsync($"through {name}");
        var created = await program.ReceiveJsonAsync("chat.message.created");
        Assert.Equal($"through {name}", created.GetProperty("message").GetString());
        await program.SendTextAsync($$"""{"message":"a program through {{name}}"}""");
        await ada.SeesAsync($"a program through {name}");

        await proxy.RestartAsync();
        await ada.SendMessageAsync($"after {name}");
        await using var again = await SocketClient.ConnectAsync(
            proxy.Address, $"ws/chat/1/chat/?after={created.GetProperty("revision").GetInt64()}", member.Cookies);
        while ((await again.ReceiveJsonAsync("chat.message.created")).GetProperty("message").GetString() != $"after {name}")
        {
            // The earlier message of the program.
        }

        await Expect(ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Files_of_2_and_40_megabytes_go_up_and_come_back(string name)
    {
        await using var proxy = await StartAsync(name);
        using var member = await SignInAsync(proxy);
        using var files = new ScriptClient(proxy.Address, cookies: member.Cookies);

        foreach (var size in new[] { 2 * Megabyte, 40 * Megabyte })
        {
            var bytes = RandomNumberGenerator.GetBytes(size);
            var id = await files.UploadAsync("room", 1, bytes, $"{name}.bin");
            using var answer = await files.GetAsync($"attachments/{id}");
            Assert.True((await answer.Content.ReadAsByteArrayAsync()).SequenceEqual(bytes));
        }
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Readers_receive_each_post_at_once_also_after_it_was_restarted(string name)
    {
        var site = nodes.Site;
        var liveblog = await site.StartLiveblogAsync($"through-{name.ToLowerInvariant()}", name);
        await site.PostManyAsync(liveblog, 3);
        await using var proxy = await StartAsync(name);
        await using var reader = await browser.NewPersonAsync(proxy.Address, "Reader");
        reader.ExpectedErrors.AddRange(LiveblogSite.Outage);
        await reader.ReadLiveblogAsync(liveblog.Slug);
        await using var program = await StreamClient.ConnectAsync(proxy.Address, $"liveblogs/{liveblog.Slug}/events?after=0");
        for (var i = 1; i <= 3; i++)
            Assert.Equal($"{i}", (await program.ReceiveAsync()).EventId);

        for (var i = 4; i <= 6; i++)
        {
            await site.PostAsync(liveblog, $"post {i}");
            Assert.Equal($"{i}", (await program.ReceiveAsync()).EventId);
            await Expect(reader.Posts).ToHaveCountAsync(i);
        }

        await proxy.RestartAsync();
        await site.PostAsync(liveblog, "after the restart");
        await Expect(reader.Posts).ToHaveCountAsync(7);
        await using var again = await StreamClient.ConnectAsync(proxy.Address, $"liveblogs/{liveblog.Slug}/events", program.LastEventId);
        Assert.Equal("7", (await again.ReceiveAsync()).EventId);
        await site.PostAsync(liveblog, "and one more");
        Assert.Equal("8", (await again.ReceiveAsync()).EventId);
        await Expect(reader.Posts).ToHaveCountAsync(8);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task G17_Links_name_the_host_that_was_asked_for_and_not_what_a_visitor_claims(string name)
    {
        await using var proxy = await StartAsync(name);
        using var liar = new FormClient(proxy.Address, forwardedFor: "203.0.113.9", forwardedHost: "evil.example");
        using var signedIn = await liar.SignInAsync("Ada");

        var link = (await liar.GetPageAsync("admin/invitations")).QuerySelector("#invitation-link")!.TextContent;

        Assert.StartsWith(proxy.Address.ToString(), link, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.9", (await liar.GetPageAsync("account/sessions")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task A_program_comes_back_to_the_node_where_it_negotiated(string name)
    {
        await using var proxy = await StartAsync(name);
        using var member = await SignInAsync(proxy);

        for (var i = 0; i < 4; i++)
        {
            // Each begins with a negotiation, which only the node knows that it was made with.
            await using var hub = await HubPeer.ConnectAsync(proxy.Address, member.Cookies);
            await hub.SendAsync(1, $"{name} {i}");
        }
    }

    [Fact]
    public async Task Nginx_without_settings_answers_an_upload_of_2_megabytes_with_a_page()
    {
        await using var proxy = await LoadBalancer.StartAsync(Nginx.WithDefaults(), nodes.Site.Node, nodes.Site.Node);
        using var member = await SignInAsync(proxy);
        using var file = new ByteArrayContent(new byte[2 * Megabyte]);

        using var answer = await member.PutAsync($"attachments/{Guid.NewGuid()}?owner=room&ownerId=1&name=a.bin", file);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private Task<LoadBalancer> StartAsync(string name)
    {
        var (one, two) = (nodes.Site.Node, nodes.Second);
        return name switch
        {
            nameof(HaProxy) => LoadBalancer.StartAsync<HaProxy>(one, two),
            nameof(Nginx) => LoadBalancer.StartAsync<Nginx>(one, two),
            _ => LoadBalancer.StartAsync<Caddy>(one, two),
        };
    }

    private static async Task<FormClient> SignInAsync(LoadBalancer proxy)
    {
        var member = new FormClient(proxy.Address);
        using var signedIn = await member.SignInAsync("Ada");
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        return member;
    }

    public sealed class TwoNodes : IAsyncLifetime
    {
        public LiveblogSite Site { get; } = new();

        public Node Second { get; private set; } = default!;

        public async ValueTask InitializeAsync()
        {
            await Site.InitializeAsync();
            Second = await Site.Database.StartHostedAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (Second is not null)
                await Second.DisposeAsync();
            await Site.DisposeAsync();
        }
    }
}
