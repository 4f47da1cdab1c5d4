using System.Net;
using System.Security.Claims;
using AngleSharp.Html.Dom;
using BlazorChat.Accounts.Rights;
using BlazorChat.Admin;
using BlazorChat.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Node = BlazorChat.Tests.Support.Nodes.Node;

namespace BlazorChat.Tests.Admin;

public sealed class PeopleTests
{
    [Fact]
    public async Task The_list_of_people_is_for_admins_and_shows_names_as_text()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = await JoinAsync(node, await ada.SetUpAsync(), "<b>Zoe</b>");

        var people = await ada.GetPageAsync("admin/people");
        using var refused = await zoe.GetAsync("admin/people");

        Assert.Equal(["Ada", "<b>Zoe</b>"], people.QuerySelectorAll(".people-name").Select(name => name.TextContent));
        Assert.Equal("/account/denied", new Uri(node.Address, refused.Headers.Location!).AbsolutePath);
    }

    [Fact]
    public async Task A13_The_database_decides_who_is_an_admin()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ada = await site.AddPersonAsync("Ada");
        ((ClaimsIdentity)ada.Identity!).AddClaim(new Claim(ClaimTypes.Role, SignedInUser.AdminRole));
        await using var db = await site.OpenAsync();
        var people = new People(db, null!, null!, null!, null!, null!, TimeProvider.System, NullLogger<People>.Instance);
        Assert.Empty(await people.ListAsync(ada, 0, default));
        foreach (var command in new Func<Task>[] { () => people.BanAsync(ada, 2, true, true, default), () => people.SetAdminAsync(ada, 2, true, default) })
            Assert.Equal("Only an admin can do this.", (await Assert.ThrowsAsync<RefusedException>(command)).Message);

        var role = new IdentityRole<int>(SignedInUser.AdminRole);
        db.Add(role);
        await db.SaveChangesAsync();
        db.Add(new IdentityUserRole<int> { UserId = ada.UserId, RoleId = role.Id });
        await db.SaveChangesAsync();

        Assert.Equal("Ada", Assert.Single(await people.ListAsync(ada, 0, default)).Name);
    }

    [Fact]
    public async Task A_reset_link_works_once()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = await JoinAsync(node, await ada.SetUpAsync(), "Zoe");
        using var guesser = new FormClient(node.Address);
        for (var i = 0; i < 5; i++)
            (await guesser.SignInAsync("Zoe", "wrong password")).Dispose();

        using var made = await PressAsync(ada, "PasswordFor", "Zoe");
        var link = new Uri((await FormClient.ReadAsync(made)).QuerySelector("#password-link")!.TextContent).AbsolutePath;
        using var anonymous = new FormClient(node.Address);
        using var leftOpen = new FormClient(node.Address);
        var late = await leftOpen.FillInAsync(link, "new-password", ("Input.Password", "a third password"));
        using var shortOne = await anonymous.SubmitAsync(link, "new-password", ("Input.Password", "short"));
        using var changed = await anonymous.SubmitAsync(link, "new-password", ("Input.Password", "another password"));

        Assert.Contains("8 to 256 characters", (await FormClient.ReadAsync(shortOne)).QuerySelector("#password-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("is changed", (await FormClient.ReadAsync(changed)).QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        using var now = await anonymous.SignInAsync("Zoe", "another password");
        Assert.True(await anonymous.IsSignedInAsync());
        using var again = new FormClient(node.Address);
        Assert.Empty((await again.GetPageAsync(link)).Forms);
        using var used = await late();
        Assert.Equal("This link does not work", (await FormClient.ReadAsync(used)).QuerySelector("h1")!.TextContent);
        using var old = await again.SignInAsync("Zoe");
        Assert.False(await again.IsSignedInAsync());
    }

    [Theory]
    [InlineData("account/password/1/AAAA")]
    [InlineData("account/password/1/not-base64-$")]
    [InlineData("account/password/999/AAAA")]
    public async Task An_invented_reset_link_is_refused_with_a_sentence(string link)
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        using var anonymous = new FormClient(node.Address);

        var page = await anonymous.GetPageAsync(link);

        Assert.Equal("This link does not work", page.QuerySelector("h1")!.TextContent);
        Assert.Empty(page.Forms);
    }

    [Fact]
    public async Task The_right_of_an_admin_is_given_and_revoked_but_never_the_last_one()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = await JoinAsync(node, await ada.SetUpAsync(), "Zoe");

        using var last = await PressAsync(ada, "RemoveAdmin", "Ada");
        Assert.Contains("only admin", await FormClient.ReadErrorAsync(last), StringComparison.Ordinal);

        using var made = await PressAsync(ada, "MakeAdmin", "Zoe");
        using var signedIn = await zoe.SignInAsync("Zoe");
        Assert.Equal(HttpStatusCode.OK, (await zoe.GetAsync("admin/people")).StatusCode);

        // Zoe opens the form before her right and her session end.
        var late = await PrepareAsync(zoe, "RemoveAdmin", "Ada");
        using var removed = await PressAsync(ada, "RemoveAdmin", "Zoe");
        using var refused = await late();
        Assert.Equal("/account/login", new Uri(node.Address, refused.Headers.Location!).AbsolutePath);
        Assert.Equal(["Ada"], await AdminsAsync(ada));
    }

    [Fact]
    public async Task One_is_left_of_two_admins_who_revoke_each_others_right_concurrently()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = await JoinAsync(node, await ada.SetUpAsync(), "Zoe");
        using var made = await PressAsync(ada, "MakeAdmin", "Zoe");
        using var signedIn = await zoe.SignInAsync("Zoe");

        var sends = new[] { await PrepareAsync(ada, "RemoveAdmin", "Zoe"), await PrepareAsync(zoe, "RemoveAdmin", "Ada") };
        var responses = await Task.WhenAll(sends.Select(send => send()));

        foreach (var response in responses)
            response.Dispose();
        var winner = await ada.IsSignedInAsync() ? ada : zoe;
        Assert.Single(await AdminsAsync(winner));
    }

    [Fact]
    public async Task A13_An_admin_who_gives_up_the_right_loses_it_everywhere()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = await JoinAsync(node, await ada.SetUpAsync(), "Zoe");
        using var made = await PressAsync(ada, "MakeAdmin", "Zoe");
        using var signedIn = await zoe.SignInAsync("Zoe");
        await using var socket = await SocketClient.ConnectAsync(node.Address, "ws/account/", zoe.Cookies);
        Assert.True(await IsAdminAsync());
        var createLiveblog = await zoe.FillInAsync("liveblogs", "create", ("Title", "Late"), ("Slug", "late"));

        using var removed = await PressAsync(zoe, "RemoveAdmin", "Zoe");

        // The session and its socket stay open.
        Assert.True(await zoe.IsSignedInAsync());
        Assert.False(await IsAdminAsync());
        using var refused = await createLiveblog();
        Assert.DoesNotContain("liveblogs/late", refused.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.GetAsync("liveblogs/late")).StatusCode);
        Assert.DoesNotContain("admin/people", (await zoe.GetPageAsync("account/manage")).Body!.InnerHtml, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await zoe.GetAsync("admin/invitations")).StatusCode);

        async Task<bool> IsAdminAsync()
        {
            await socket.SendTextAsync("""{"type":"account.whoami"}""");
            return (await socket.ReceiveJsonAsync("account.user")).GetProperty("user").GetProperty("is_admin").GetBoolean();
        }
    }

    [Fact]
    public async Task G8_A_ban_offers_to_reset_the_invitation_and_to_revoke_keys()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var zoe = await JoinAsync(node, await ada.SetUpAsync(), "Zoe");
        using var made = await PressAsync(ada, "MakeAdmin", "Zoe");
        using var signedIn = await zoe.SignInAsync("Zoe");
        using var reset = await zoe.SubmitAsync("admin/invitations", "reset");
        var invitation = await zoe.GetInvitationAsync();
        var key = await zoe.MakeBotAsync("Deployer");
        using var removed = await PressAsync(ada, "RemoveAdmin", "Zoe");
        await using var socket = await SocketClient.ConnectAsync(node.Address, "ws/chat/1/chat/", key: key);

        using var asked = await PressAsync(ada, "Ban", "Zoe");
        var question = await FormClient.ReadAsync(asked);
        Assert.Contains("Ban Zoe?", question.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"Deployer …{key[^4..]}", question.Body.TextContent, StringComparison.Ordinal);
        Assert.All(question.QuerySelectorAll("section input[type=checkbox]").Cast<IHtmlInputElement>(), box => Assert.True(box.IsChecked));
        using var stillIn = await zoe.SignInAsync("Zoe");
        Assert.True(await zoe.IsSignedInAsync());

        using var banned = await ada.BanAsync(2, ("ResetInvitation", "true"), ("RevokeKeys", "true"));

        Assert.False(await zoe.IsSignedInAsync());
        Assert.Equal((1008, "The sign-in has ended."), await socket.ClosedWithAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.StatusAsync(node.Address, "ws/chat/1/chat/", key: key));
        using var anonymous = new FormClient(node.Address);
        Assert.Contains("does not work", (await anonymous.GetPageAsync(invitation)).Body!.TextContent, StringComparison.Ordinal);
        // A banned person cannot sign in, so they must not become an admin.
        using var refused = await ada.SubmitAsync("admin/people", "people", ("MakeAdmin", "2"));
        Assert.Contains("is banned", await FormClient.ReadErrorAsync(refused), StringComparison.Ordinal);
        Assert.Equal(["Ada"], await AdminsAsync(ada));
    }

    private static async Task<IReadOnlyList<string>> AdminsAsync(FormClient client) =>
        [.. (await client.GetPageAsync("admin/people")).QuerySelectorAll(".people > li")
            .Where(row => row.QuerySelector("button[name=RemoveAdmin]") is not null)
            .Select(row => row.QuerySelector(".people-name")!.TextContent)];

    private static async Task<HttpResponseMessage> PressAsync(FormClient client, string button, string name) =>
        await (await PrepareAsync(client, button, name))();

    private static async Task<Func<Task<HttpResponseMessage>>> PrepareAsync(FormClient client, string button, string name)
    {
        var row = (await client.GetPageAsync("admin/people")).QuerySelectorAll(".people > li")
            .Single(row => row.QuerySelector(".people-name")!.TextContent == name);
        var id = ((IHtmlButtonElement)row.QuerySelector($"button[name={button}]")!).Value;
        return await client.FillInAsync("admin/people", "people", (button, id));
    }

    private static async Task<FormClient> JoinAsync(Node node, string invitation, string name)
    {
        var client = new FormClient(node.Address);
        using var response = await client.JoinAsync(invitation, name, "zoe@example.org");
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return client;
    }
}
