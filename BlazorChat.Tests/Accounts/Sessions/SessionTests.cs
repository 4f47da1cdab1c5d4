using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Sessions;

/// <summary>Sessions on two nodes with one database and one Redis: a session that ends on one has ended on both.</summary>
public sealed class SessionTests(TwoNodeSite site) : IClassFixture<TwoNodeSite>, IAsyncLifetime
{
    private const string Chat = "ws/chat/1/chat/";

    private static readonly (int, string?) Ended = (1008, "The sign-in has ended.");

    private readonly Node _one = site.Node;
    private readonly Node _two = site.Second;
    private readonly FormClient _ada = site.Ada;
    private Member _zoe = default!;

    public async ValueTask InitializeAsync() => _zoe = await site.JoinAsync("Zoe");

    public ValueTask DisposeAsync()
    {
        _zoe.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_person_lists_and_ends_their_sessions()
    {
        using var phone = await site.SignInAsync(_zoe);
        using var laptop = await site.SignInAsync(_zoe);
        await using var phoneSocket = await SocketClient.ConnectAsync(_two.Address, Chat, phone.Cookies);

        var page = await laptop.GetPageAsync("account/sessions");
        Assert.Equal(3, page.QuerySelectorAll(".people > li").Length);
        Assert.Single(page.QuerySelectorAll(".people > li"), row => row.TextContent.Contains("this session", StringComparison.Ordinal));
        // The other sessions, the last used first: the phone's, then the one of the registration.
        var ids = page.QuerySelectorAll("button[name=End]").Cast<IHtmlButtonElement>().Select(button => button.Value).ToArray();

        using var ended = await laptop.SubmitAsync("account/sessions", "sessions", ("End", ids[0]));

        Assert.Equal(Ended, await phoneSocket.ClosedWithAsync());
        Assert.False(await phone.IsSignedInAsync());
        Assert.True(await _zoe.IsSignedInAsync());
        using var others = await laptop.SubmitAsync("account/sessions", "sessions", ("EndOthers", "true"));
        Assert.False(await _zoe.IsSignedInAsync());
        Assert.True(await laptop.IsSignedInAsync());
        Assert.Single((await laptop.GetPageAsync("account/sessions")).QuerySelectorAll(".people > li"));
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_another_person()
    {
        Guid adas;
        await using (var database = new DirectDatabase(_one.DataFolder))
            adas = await database.Db.UserSessions.Where(session => session.UserId == 1).Select(session => session.Id).SingleAsync();

        using var tried = await _zoe.SubmitAsync("account/sessions", "sessions", ("End", $"{adas}"));

        Assert.Equal(HttpStatusCode.OK, tried.StatusCode);
        Assert.True(await _ada.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_out_ends_what_the_same_sign_in_opened_on_every_node()
    {
        using var elsewhere = await site.SignInAsync(_zoe);
        await using var here = await SocketClient.ConnectAsync(_one.Address, Chat, _zoe.Cookies);
        await using var there = await SocketClient.ConnectAsync(_two.Address, Chat, _zoe.Cookies);
        await using var other = await SocketClient.ConnectAsync(_two.Address, Chat, elsewhere.Cookies);

        await _zoe.SignOutAsync();

        Assert.Equal(Ended, await here.ClosedWithAsync());
        Assert.Equal(Ended, await there.ClosedWithAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(_two.Address, Chat, _zoe.Cookies));
        await other.SendTextAsync("""{"message":"still here"}""");
        await other.ReceiveJsonAsync("chat.message.accepted");
    }

    [Fact]
    public async Task A_ban_ends_all_sessions_at_once_and_can_be_lifted()
    {
        using var onTwo = new FormClient(_two.Address);
        using var signedIn = await onTwo.SignInAsync(_zoe.Email);
        Assert.True(await onTwo.IsSignedInAsync());
        await using var socket = await SocketClient.ConnectAsync(_two.Address, Chat, onTwo.Cookies);

        using var banned = await _ada.BanAsync(_zoe.Id);

        Assert.Equal(Ended, await socket.ClosedWithAsync());
        Assert.False(await onTwo.IsSignedInAsync());
        Assert.False(await _zoe.IsSignedInAsync());
        using var refused = await onTwo.SignInAsync(_zoe.Email);
        Assert.Contains("can't sign in", (await FormClient.ReadAsync(refused)).QuerySelector("p.error")!.TextContent, StringComparison.Ordinal);

        using var unbanned = await _ada.SubmitAsync("admin/people", "people", ("Unban", $"{_zoe.Id}"));
        using var back = await onTwo.SignInAsync(_zoe.Email);
        Assert.True(await onTwo.IsSignedInAsync());
    }

    [Fact]
    public async Task No_admin_is_banned()
    {
        using var self = await _ada.SubmitAsync("admin/people", "people", ("Ban", "1"));
        using var made = await _ada.SubmitAsync("admin/people", "people", ("MakeAdmin", $"{_zoe.Id}"));
        using var admin = await _ada.SubmitAsync("admin/people", "people", ("Ban", $"{_zoe.Id}"));

        Assert.Contains("can't ban yourself", (await FormClient.ReadAsync(self)).QuerySelector("p.error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("is an admin", (await FormClient.ReadAsync(admin)).QuerySelector("p.error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_password_ends_the_other_sessions_at_once()
    {
        using var thief = await site.SignInAsync(_zoe);
        await using var socket = await SocketClient.ConnectAsync(_two.Address, Chat, thief.Cookies);

        using var changed = await _zoe.SubmitAsync(
            "account/manage", "password", ("Password.Old", FormClient.Password), ("Password.New", "another password"));

        Assert.Equal(Ended, await socket.ClosedWithAsync());
        Assert.False(await thief.IsSignedInAsync());
        Assert.True(await _zoe.IsSignedInAsync());
    }
}
