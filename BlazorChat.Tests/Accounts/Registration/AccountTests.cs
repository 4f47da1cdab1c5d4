using System.Net;

namespace BlazorChat.Tests.Accounts.Registration;

public sealed class AccountTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A_person_with_the_invitation_joins_and_is_in_the_first_room()
    {
        using var zoe = await JoinAsync("Zoe");

        var rooms = await zoe.GetPageAsync("");

        Assert.Contains("Leave General", rooms.QuerySelectorAll(".room-list button").Select(button => button.GetAttribute("aria-label")));
    }

    [Fact]
    public async Task An_invitation_does_not_work_after_a_reset()
    {
        await using var node = await HostedNode.StartAsync();
        using var admin = new FormClient(node.Address);
        var old = await admin.SetUpAsync();

        using var reset = await admin.SubmitAsync("admin/invitations", "reset");

        using var anonymous = new FormClient(node.Address);
        Assert.Contains("does not work", (await anonymous.GetPageAsync(old)).Body!.TextContent, StringComparison.Ordinal);
        using var joined = await anonymous.JoinAsync(await admin.GetInvitationAsync(), "Zoe");
        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
    }

    [Fact]
    public async Task Without_an_invitation_nobody_registers_unless_registration_is_open()
    {
        using var anonymous = new FormClient(site.Node.Address);
        Assert.Empty((await anonymous.GetPageAsync("account/register")).Forms);

        await using var open = await HostedNode.StartAsync(null, "Accounts:Registration=Open");
        using var admin = new FormClient(open.Address);
        await admin.SetUpAsync();
        using var guest = new FormClient(open.Address);
        using var joined = await guest.JoinAsync("account/register", "Guest");
        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
    }

    [Fact]
    public async Task Closed_registration_refuses_the_link_too()
    {
        await using var closed = await HostedNode.StartAsync(null, "Accounts:Registration=Closed");
        using var admin = new FormClient(closed.Address);
        var invitation = await admin.SetUpAsync();

        using var guest = new FormClient(closed.Address);
        Assert.Empty((await guest.GetPageAsync(invitation)).Forms);
        Assert.Empty((await guest.GetPageAsync("account/register")).Forms);
    }

    [Fact]
    public async Task An_address_has_one_account()
    {
        using var first = await JoinAsync("Twin");
        using var second = new FormClient(site.Node.Address);

        using var response = await second.JoinAsync(await site.Ada.GetInvitationAsync(), "Twin");

        var page = await FormClient.ReadAsync(response);
        Assert.Equal(
            ["There is already an account with this email address. Sign in instead."],
            page.QuerySelectorAll("p.error").Select(error => error.TextContent));
        Assert.Equal("Twin", page.QuerySelector("#name")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("evil 👩‍👩‍👧 한국")]
    public async Task A_name_is_text(string name)
    {
        using var person = new FormClient(site.Node.Address);
        using var joined = await person.SubmitAsync(
            await site.Ada.GetInvitationAsync(),
            "new-account",
            ("Account.Name", name), ("Account.Email", $"{Guid.NewGuid():N}@example.org"), ("Account.Password", FormClient.Password));

        var page = await person.GetPageAsync("");

        Assert.Equal(name, page.QuerySelector(".shell-person bdi")!.TextContent);
    }

    [Theory]
    [InlineData("\u200B\u202E", "no visible characters")]
    [InlineData("\u3164", "no visible characters")]
    [InlineData("two\nlines", "can't be shown")]
    public async Task A_name_must_be_visible(string name, string explanation)
    {
        using var person = new FormClient(site.Node.Address);

        using var refused = await person.SubmitAsync(
            await site.Ada.GetInvitationAsync(),
            "new-account",
            ("Account.Name", name), ("Account.Email", $"{Guid.NewGuid():N}@example.org"), ("Account.Password", FormClient.Password));

        Assert.Contains(explanation, (await FormClient.ReadAsync(refused)).QuerySelector("#name-error")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_invented_passkey_is_refused_with_a_sentence(bool wasAsked)
    {
        using var anonymous = new FormClient(site.Node.Address);
        using var member = await JoinAsync($"Key{wasAsked}");
        if (wasAsked)
        {
            await AskAsync(anonymous, "account/login", "account/passkeys/request-options");
            await AskAsync(member, "account/passkeys", "account/passkeys/creation-options");
        }

        using var signIn = await anonymous.SubmitAsync("account/login", "login", ("Input.Passkey", "{}"));
        using var added = await member.SubmitAsync("account/passkeys", "add", ("Credential", "{}"));

        Assert.Contains("passkey did not work", await FormClient.ReadErrorAsync(signIn), StringComparison.Ordinal);
        Assert.Contains("could not be verified", await FormClient.ReadErrorAsync(added), StringComparison.Ordinal);

        static async Task AskAsync(FormClient client, string page, string path)
        {
            var token = (await client.GetPageAsync(page)).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            using var content = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
            using var options = await client.PostAsync(path, content);
            Assert.Equal(HttpStatusCode.OK, options.StatusCode);
        }
    }

    [Fact]
    public async Task Signing_in_and_out()
    {
        using var joined = await JoinAsync("Sam");
        using var sam = new FormClient(site.Node.Address);
        Assert.False(await sam.IsSignedInAsync());

        using var signedIn = await sam.SignInAsync("Sam");
        Assert.True(await sam.IsSignedInAsync());

        await sam.SignOutAsync();
        Assert.False(await sam.IsSignedInAsync());
    }

    [Fact]
    public async Task An_unknown_address_and_a_wrong_password_get_the_same_answer()
    {
        using var joined = await JoinAsync("Known");
        using var anonymous = new FormClient(site.Node.Address);

        using var wrong = await anonymous.SignInAsync("Known", "wrong password");
        using var unknown = await anonymous.SignInAsync("Unknown", "wrong password");

        Assert.Equal(await FormClient.ReadErrorAsync(wrong), await FormClient.ReadErrorAsync(unknown));
        Assert.StartsWith("The email address or the password is wrong.", await FormClient.ReadErrorAsync(wrong), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_a_while()
    {
        using var joined = await JoinAsync("Locked");
        using var guesser = new FormClient(site.Node.Address);
        for (var i = 0; i < 5; i++)
            (await guesser.SignInAsync("Locked", "wrong password")).Dispose();

        using var right = await guesser.SignInAsync("Locked");

        Assert.False(await guesser.IsSignedInAsync());
    }

    [Fact]
    public async Task Behind_a_proxy_the_attempts_of_each_visitor_are_counted()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:AttemptsPerMinute=2");
        using var admin = new FormClient(node.Address);
        await admin.SetUpAsync();
        using var guesser = new FormClient(node.Address, "192.0.2.1");
        using var other = new FormClient(node.Address, "192.0.2.2");

        for (var i = 0; i < 2; i++)
            (await guesser.SignInAsync("Ada", "wrong password")).Dispose();
        using var refused = await guesser.SignInAsync("Ada");
        using var allowed = await other.SignInAsync("Ada");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, allowed.StatusCode);
    }

    [Fact]
    public async Task Too_many_attempts_from_one_address_are_refused()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:AttemptsPerMinute=3");
        using var admin = new FormClient(node.Address);
        await admin.SetUpAsync();
        using var guesser = new FormClient(node.Address);

        for (var i = 0; i < 3; i++)
        {
            using var allowed = await guesser.SignInAsync("Ada", "wrong password");
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }

        using var refused = await guesser.SignInAsync("Ada");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        using var page = await guesser.GetAsync("account/login");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("/rooms/1", "/rooms/1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("rooms/1", "/")]
    public async Task A_sign_in_redirects_only_to_an_address_of_this_site(string returnUrl, string expected)
    {
        using var ada = new FormClient(site.Node.Address);

        using var response = await ada.SignInAsync("Ada", returnUrl: returnUrl);

        Assert.Equal(new Uri(site.Node.Address, expected), new Uri(site.Node.Address, response.Headers.Location!));
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var anonymous = new FormClient(site.Node.Address);
        using var content = new FormUrlEncodedContent([
            new("_handler", "login"), new("Input.Email", "ada@example.org"), new("Input.Password", FormClient.Password)]);

        using var login = await anonymous.PostAsync("account/login", content);
        using var logout = await site.Ada.PostAsync("account/logout", new StringContent(""));

        Assert.Equal(HttpStatusCode.BadRequest, login.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, logout.StatusCode);
        Assert.True(await site.Ada.IsSignedInAsync());
    }

    [Fact]
    public async Task A2_The_account_page_opens_before_the_database_has_answered_and_shows_the_name()
    {
        using var una = await JoinAsync("Una");

        using var opened = await una.GetAsync("account/manage");
        using var refused = await una.SubmitAsync("account/manage", "name", ("Name.Value", "U\u0001na"));

        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal("Una", (await FormClient.ReadAsync(opened)).QuerySelector("#name")!.GetAttribute("value"));
        Assert.NotEqual("Una", (await FormClient.ReadAsync(refused)).QuerySelector("#name")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Changing_the_name_and_the_password()
    {
        using var pat = await JoinAsync("Pat");

        using var renamed = await pat.SubmitAsync("account/manage", "name", ("Name.Value", "Patricia"));
        using var refused = await pat.SubmitAsync("account/manage", "password", ("Password.Old", "not it"), ("Password.New", "another password"));
        using var changed = await pat.SubmitAsync("account/manage", "password", ("Password.Old", FormClient.Password), ("Password.New", "another password"));

        Assert.Equal("Patricia", (await pat.GetPageAsync("")).QuerySelector(".shell-person bdi")!.TextContent);
        Assert.Contains("isn't your current password", await FormClient.ReadErrorAsync(refused), StringComparison.Ordinal);
        using var again = new FormClient(site.Node.Address);
        using var old = await again.SignInAsync("Pat");
        Assert.False(await again.IsSignedInAsync());
        using var now = await again.SignInAsync("Pat", "another password");
        Assert.True(await again.IsSignedInAsync());
    }

    [Fact]
    public async Task Two_factor_sign_in_requires_a_code_and_accepts_each_recovery_code_once()
    {
        using var tom = await JoinAsync("Tom");
        var key = await tom.StartTwoFactorAsync();
        using var enabled = await tom.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        var codes = (await FormClient.ReadAsync(enabled)).QuerySelector("#recovery-codes")!.TextContent.Split('\n');
        Assert.Equal(10, codes.Length);

        using var byApp = new FormClient(site.Node.Address);
        using var password = await byApp.SignInAsync("Tom");
        Assert.False(await byApp.IsSignedInAsync());
        using var wrong = await byApp.SubmitAsync("account/login/code", "code", ("Input.Code", "000000"));
        Assert.False(await byApp.IsSignedInAsync());
        using var code = await byApp.SubmitAsync("account/login/code", "code", ("Input.Code", Authenticator.Code(key)));
        Assert.True(await byApp.IsSignedInAsync());

        Assert.True(await RecoverAsync(codes[0]));
        Assert.False(await RecoverAsync(codes[0]));

        async Task<bool> RecoverAsync(string recoveryCode)
        {
            using var client = new FormClient(site.Node.Address);
            using var first = await client.SignInAsync("Tom");
            using var second = await client.SubmitAsync("account/login/code", "code", ("Input.Code", recoveryCode));
            return await client.IsSignedInAsync();
        }
    }

    [Fact]
    public async Task The_invitation_is_for_admins()
    {
        using var member = await JoinAsync("Member");

        using var response = await member.GetAsync("admin/invitations");

        Assert.Equal("/account/denied", new Uri(site.Node.Address, response.Headers.Location!).AbsolutePath);
    }

    [Fact]
    public async Task Pages_have_security_headers()
    {
        using var response = await site.Ada.GetAsync("");

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("microphone=self", Assert.Single(response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.Contains("publickey-credentials-get=self", Assert.Single(response.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Server"));
        Assert.DoesNotContain((await FormClient.ReadAsync(response)).Scripts, script => string.IsNullOrEmpty(script.Source) && script.Type != "application/json");
    }

    private async Task<FormClient> JoinAsync(string name)
    {
        var client = new FormClient(site.Node.Address);
        using var response = await client.JoinAsync(await site.Ada.GetInvitationAsync(), name);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return client;
    }
}
