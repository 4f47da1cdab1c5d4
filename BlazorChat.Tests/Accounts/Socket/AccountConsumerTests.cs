using System.Net;
using System.Text.Json;

namespace BlazorChat.Tests.Accounts.Socket;

/// <summary>Signing in and out within a socket, as docs/protocol.md describes it.</summary>
public sealed class AccountConsumerTests(TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private const string Address = "ws/account/";
    private const string WhoAmI = """{"type":"account.whoami"}""";

    private readonly Node _node = site.Node;
    private readonly int _logged = site.Node.Log.Length;
    private Member _zoe = default!;

    private string Login => $$"""{"type":"account.login","email":"{{_zoe.Email}}","password":"correct horse battery"}""";

    public async ValueTask InitializeAsync() => _zoe = await site.JoinAsync("Zoe");

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_anonymous_user_logs_in_and_out()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);

        Assert.Null(Name(await AskAsync(socket, WhoAmI)));
        Assert.Equal("Zoe", Name(await AskAsync(socket, Login)));
        Assert.Equal("Zoe", Name(await AskAsync(socket, WhoAmI)));
        Assert.Null(Name(await AskAsync(socket, """{"type":"account.logout"}""")));
        Assert.Null(Name(await AskAsync(socket, WhoAmI)));
        Assert.DoesNotContain("fail:", _node.Log[_logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_signs_in_to_the_socket()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address, site.Ada.Cookies);

        var user = (await AskAsync(socket, WhoAmI)).GetProperty("user");

        Assert.Equal((1, "Ada", true), (user.GetProperty("id").GetInt32(), user.GetProperty("name").GetString(), user.GetProperty("is_admin").GetBoolean()));
    }

    [Fact]
    public async Task The_ticket_becomes_a_cookie_once_and_both_end_together()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);
        var ticket = (await AskAsync(socket, Login)).GetProperty("ticket").GetString()!;
        using var page = new FormClient(_node.Address);
        using var late = new FormClient(_node.Address);

        Assert.Equal(HttpStatusCode.NoContent, await ExchangeAsync(page, ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await ExchangeAsync(late, ticket));

        Assert.True(await page.IsSignedInAsync());
        Assert.Equal(2, (await _zoe.GetPageAsync("account/sessions")).QuerySelectorAll(".people > li").Length);
        await AskAsync(socket, """{"type":"account.logout"}""");
        Assert.False(await page.IsSignedInAsync());
        Assert.True(await _zoe.IsSignedInAsync());
    }

    [Fact]
    public async Task One_of_many_concurrent_uses_of_a_ticket_signs_in()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);
        var ticket = (await AskAsync(socket, Login)).GetProperty("ticket").GetString()!;
        var clients = Enumerable.Range(0, 8).Select(_ => new FormClient(_node.Address)).ToArray();

        var answers = await Task.WhenAll(clients.Select(client => ExchangeAsync(client, ticket)));

        Assert.Single(answers, HttpStatusCode.NoContent);
        foreach (var client in clients)
            client.Dispose();
    }

    [Fact]
    public async Task Only_anonymous_users_on_pages_of_this_host_exchange_a_ticket()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);
        var ticket = (await AskAsync(socket, Login)).GetProperty("ticket").GetString()!;
        using var page = new FormClient(_node.Address);
        using var content = new FormUrlEncodedContent([new("ticket", ticket)]);
        content.Headers.Add("Origin", "https://evil.example");

        using var fromElsewhere = await page.PostAsync("account/ticket", content);

        Assert.Equal(HttpStatusCode.Forbidden, fromElsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, await ExchangeAsync(site.Ada, ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await ExchangeAsync(page, "made-up"));
        Assert.Equal(HttpStatusCode.NoContent, await ExchangeAsync(page, ticket));
    }

    [Fact]
    public async Task A_socket_whose_session_ends_elsewhere_becomes_anonymous_and_sends_that()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address, _zoe.Cookies);
        await AskAsync(socket, WhoAmI);

        using var banned = await site.Ada.BanAsync(_zoe.Id);

        Assert.Null(Name(await socket.ReceiveJsonAsync("account.user")));
        Assert.Equal("not_allowed", (await AskAsync(socket, Login)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Wrong_passwords_are_refused_and_lock_the_account_at_every_entry_point()
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);
        var wrong = Login.Replace("correct", "wrong", StringComparison.Ordinal);

        Assert.Equal("invalid_credentials", await CodeAsync(socket, wrong.Replace("zoe", "nobody", StringComparison.Ordinal)));
        for (var i = 0; i < 4; i++)
            Assert.Equal("invalid_credentials", await CodeAsync(socket, wrong));
        Assert.Equal("invalid_credentials", await CodeAsync(socket, wrong));

        Assert.Equal("invalid_credentials", await CodeAsync(socket, Login));
        using var page = new FormClient(_node.Address);
        using var signIn = await page.SignInAsync(_zoe.Email);
        Assert.False(await page.IsSignedInAsync());
    }

    [Fact]
    public async Task A_second_factor_requires_the_page()
    {
        var key = await _zoe.StartTwoFactorAsync();
        using var enabled = await _zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);

        Assert.Equal("second_factor_required", await CodeAsync(socket, Login));
        Assert.Null(Name(await AskAsync(socket, WhoAmI)));
    }

    [Fact]
    public async Task Attempts_in_sockets_and_on_the_page_are_counted_together()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:AttemptsPerMinute=3");
        using var page = new FormClient(node.Address);
        await page.SetUpAsync();
        await using var socket = await SocketClient.ConnectAsync(node.Address, Address);

        for (var i = 0; i < 3; i++)
            Assert.Equal("invalid_credentials", await CodeAsync(socket, Login));
        Assert.Equal("rate_limited", await CodeAsync(socket, Login));

        using var refused = await page.SubmitAsync("account/manage", "name", ("Name.Value", "Ada"));
        using var anonymous = new FormClient(node.Address);
        using var attempt = await anonymous.SignInAsync("Ada");
        Assert.Equal(HttpStatusCode.TooManyRequests, attempt.StatusCode);
    }

    [Theory]
    [InlineData("not json", "malformed")]
    [InlineData("null", "malformed")]
    [InlineData("""{"type":7}""", "malformed")]
    [InlineData("{}", "unknown_command")]
    [InlineData("""{"type":"account.shout"}""", "unknown_command")]
    [InlineData("""{"type":"account.login","email":"zoe@example.org"}""", "missing_field")]
    public async Task A_wrong_frame_gets_an_error_and_the_socket_stays_open(string frame, string code)
    {
        await using var socket = await SocketClient.ConnectAsync(_node.Address, Address);

        Assert.Equal(code, await CodeAsync(socket, frame));
        Assert.Null(Name(await AskAsync(socket, WhoAmI)));
    }

    private static async Task<JsonElement> AskAsync(SocketClient socket, string frame)
    {
        await socket.SendTextAsync(frame);
        return await socket.ReceiveJsonAsync();
    }

    private static async Task<string?> CodeAsync(SocketClient socket, string frame) => (await AskAsync(socket, frame)).GetProperty("code").GetString();

    private static string? Name(JsonElement state) =>
        state.GetProperty("user") is { ValueKind: JsonValueKind.Object } user ? user.GetProperty("name").GetString() : null;

    private static async Task<HttpStatusCode> ExchangeAsync(FormClient client, string ticket)
    {
        using var content = new FormUrlEncodedContent([new("ticket", ticket)]);
        using var response = await client.PostAsync("account/ticket", content);
        return response.StatusCode;
    }
}
