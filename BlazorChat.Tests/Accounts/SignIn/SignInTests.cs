using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.SignIn;

/// <summary>Signing in: where it redirects, how long it lasts, and what its answers reveal.</summary>
public sealed class SignInTests(TestSite site) : IClassFixture<TestSite>
{
    [Theory]
    [InlineData("/rooms/1?q=가", "/rooms/1?q=%EA%B0%80")]
    [InlineData("/rooms/1?q=%EA%B0%80", "/rooms/1?q=%EA%B0%80")]
    [InlineData("/liveblogs/élection?a=1&b=2", "/liveblogs/%C3%A9lection?a=1&b=2")]
    [InlineData("/rooms/1?q=🦊", "/rooms/1?q=%F0%9F%A6%8A")]
    public async Task A4_A_return_address_that_is_not_ASCII_is_encoded(string returnUrl, string expected)
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var byPassword = new FormClient(site.Node.Address);
        using var signedIn = await byPassword.SignInAsync(zoe.Email, returnUrl: returnUrl);
        Assert.Equal(expected, PathOf(signedIn));

        var key = await zoe.StartTwoFactorAsync();
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        using var byCode = new FormClient(site.Node.Address);
        using var first = await byCode.SignInAsync(zoe.Email, returnUrl: returnUrl);
        var codePage = first.Headers.Location!.OriginalString;
        using var second = await byCode.SubmitAsync(codePage, "code", ("Input.Code", Authenticator.Code(key)));
        Assert.Equal(expected, PathOf(second));

        string PathOf(HttpResponseMessage response) =>
            new Uri(site.Node.Address, response.Headers.Location!.OriginalString) is var location ? location.PathAndQuery + location.Fragment : "";
    }

    [Fact]
    public async Task A5_A_password_is_never_sent_back()
    {
        const string wrong = "my wrong passw0rd";
        using var zoe = await site.JoinAsync("Zoe");
        using var visitor = new FormClient(site.Node.Address);
        var link = await LinkAsync(zoe);

        HttpResponseMessage[] responses =
        [
            await visitor.SubmitAsync("account/login", "login", ("Input.Email", zoe.Email), ("Input.Password", wrong)),
            await visitor.SubmitAsync(
                await site.Ada.GetInvitationAsync(),
                "new-account",
                ("Account.Name", ""), ("Account.Email", "zoe2@example.org"), ("Account.Password", wrong)),
            await visitor.SubmitAsync(link, "new-password", ("Input.Password", "short 1")),
            await zoe.SubmitAsync("account/manage", "password", ("Password.Old", wrong), ("Password.New", "my next passw0rd")),
            await zoe.SubmitAsync("account/confirm", "confirm", ("Input.Password", wrong)),
            await visitor.SubmitAsync(
                "account/login",
                "login",
                ("__RequestVerificationToken", "expired"), ("Input.Email", zoe.Email), ("Input.Password", wrong)),
        ];

        foreach (var response in responses)
        {
            var page = await FormClient.ReadAsync(response);
            Assert.NotEmpty(page.QuerySelectorAll("input[type=password]"));
            Assert.All(page.QuerySelectorAll("input[type=password]"), box => Assert.Null(box.GetAttribute("value")));
            Assert.All([wrong, "my next passw0rd", "short 1"], secret =>
                Assert.DoesNotContain(secret, page.DocumentElement.OuterHtml, StringComparison.Ordinal));
            response.Dispose();
        }
    }

    [Fact]
    public async Task A5_A_valid_recovery_code_is_never_sent_back()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var key = await zoe.StartTwoFactorAsync();
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        var code = (await FormClient.ReadAsync(enabled)).QuerySelector("#recovery-codes")!.TextContent.Split('\n')[0];
        using var visitor = new FormClient(site.Node.Address);
        using var first = await visitor.SignInAsync(zoe.Email);
        var codePage = first.Headers.Location!.OriginalString;

        HttpResponseMessage[] responses =
        [
            await zoe.SubmitAsync("account/confirm", "confirm", ("Input.Password", "wrong password"), ("Input.Code", code)),
            await visitor.SubmitAsync(codePage, "code", ("__RequestVerificationToken", "expired"), ("Input.Code", code)),
            await visitor.SubmitAsync(codePage, "code", ("Input.Code", $"{code}x")),
        ];

        foreach (var response in responses)
        {
            var page = await FormClient.ReadAsync(response);
            Assert.NotEmpty(page.QuerySelectorAll("#code"));
            Assert.DoesNotContain(code, page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            response.Dispose();
        }
    }

    [Fact]
    public async Task A6_G10_A_locked_a_banned_and_an_unknown_address_get_the_same_answer_to_a_wrong_password()
    {
        using var locked = await site.JoinAsync("Locked");
        using var banned = await site.JoinAsync("Banned");
        using var visitor = new FormClient(site.Node.Address);
        for (var i = 0; i < 5; i++)
            (await visitor.SignInAsync(locked.Email, "wrong password")).Dispose();
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            await database.Db.Users.Where(user => user.Id == banned.Id)
                .ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));
        }

        var unknown = await ErrorAsync(visitor, "nobody@example.org", "wrong password");

        Assert.Equal(unknown, await ErrorAsync(visitor, locked.Email, "wrong password"));
        Assert.Equal(unknown, await ErrorAsync(visitor, locked.Email, FormClient.Password));
        Assert.Equal(unknown, await ErrorAsync(visitor, banned.Email, "wrong password"));
        Assert.Contains("can't sign in", await ErrorAsync(visitor, banned.Email, FormClient.Password), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A7_The_form_shows_the_rule_and_why_a_password_is_refused()
    {
        using var visitor = new FormClient(site.Node.Address);
        var invitation = await site.Ada.GetInvitationAsync();
        Assert.Contains("8 to 256 characters", (await visitor.GetPageAsync(invitation)).QuerySelector("#password-rule")!.TextContent, StringComparison.Ordinal);

        using var refused = await JoinAsync("password");
        using var ownAddress = await JoinAsync("common@example.org");

        Assert.Contains("most common", (await FormClient.ReadAsync(refused)).QuerySelector("#password-error")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("your name or email", (await FormClient.ReadAsync(ownAddress)).QuerySelector("p.error")!.TextContent, StringComparison.Ordinal);
        Assert.False(await visitor.IsSignedInAsync());

        Task<HttpResponseMessage> JoinAsync(string password) => visitor.SubmitAsync(
            invitation, "new-account", ("Account.Name", "Common"), ("Account.Email", "common@example.org"), ("Account.Password", password));
    }

    [Fact]
    public async Task A7_A_password_is_the_same_composed_and_decomposed()
    {
        using var visitor = new FormClient(site.Node.Address);
        const string email = "composed@example.org";
        using var joined = await visitor.SubmitAsync(
            await site.Ada.GetInvitationAsync(),
            "new-account",
            ("Account.Name", "Composed"), ("Account.Email", email), ("Account.Password", "caf\u00E9 \uD55C\uAE00 cr\u00E8me"));
        using var elsewhere = new FormClient(site.Node.Address);

        using var signedIn = await elsewhere.SignInAsync(email, "cafe\u0301 \u1112\u1161\u11AB\u1100\u1173\u11AF cre\u0300me");

        Assert.True(await elsewhere.IsSignedInAsync());
    }

    [Fact]
    public async Task A9_A_sign_in_with_a_recovery_code_lasts_as_chosen()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var key = await zoe.StartTwoFactorAsync();
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        var codes = (await FormClient.ReadAsync(enabled)).QuerySelector("#recovery-codes")!.TextContent.Split('\n');

        Assert.NotNull(await ExpiryAsync(codes[0], remember: true));
        Assert.Null(await ExpiryAsync(codes[1], remember: false));

        async Task<DateTime?> ExpiryAsync(string recoveryCode, bool remember)
        {
            using var browser = new FormClient(site.Node.Address);
            var login = await browser.GetPageAsync("account/login");
            Assert.True(((IHtmlInputElement)login.QuerySelector("input[name='Input.Remember']")!).IsChecked);
            using var first = await browser.SubmitAsync(
                "account/login",
                "login",
                [("Input.Email", zoe.Email), ("Input.Password", FormClient.Password), .. remember ? [] : new[] { ("Input.Remember", "False") }]);
            using var second = await browser.SubmitAsync(first.Headers.Location!.OriginalString, "code", ("Input.Code", recoveryCode));
            var cookie = browser.Cookies.GetCookies(site.Node.Address)["blazorchat"]!;
            return cookie.Expires == DateTime.MinValue ? null : cookie.Expires;
        }
    }

    [Fact]
    public async Task A10_A_class_registers_from_one_address_within_a_minute()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:AttemptsPerMinute=3", "Accounts:RegistrationsPerHour=21");
        using var admin = new FormClient(node.Address);
        var invitation = await admin.SetUpAsync();

        for (var i = 0; i < 21; i++)
        {
            using var pupil = new FormClient(node.Address);
            using var joined = await pupil.JoinAsync(invitation, $"Pupil{i}");
            Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        }

        using var late = new FormClient(node.Address);
        using var refused = await late.JoinAsync(invitation, "Late");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var page = await FormClient.ReadAsync(refused);
        Assert.Contains("Too many accounts", page.QuerySelector("p.error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Late", page.QuerySelector("#name")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A10_A14_Wrong_current_passwords_count_and_right_ones_do_not()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:AttemptsPerMinute=3");
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        for (var i = 0; i < 6; i++)
        {
            using var right = await ChangeAsync(FormClient.Password, FormClient.Password);
            Assert.Contains("is changed", (await FormClient.ReadAsync(right)).QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        }

        for (var i = 0; i < 3; i++)
        {
            using var wrong = await ChangeAsync("wrong password", "another password");
            Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        }

        using var refused = await ChangeAsync(FormClient.Password, "another password");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Contains("Too many failed attempts", (await FormClient.ReadAsync(refused)).Body!.TextContent, StringComparison.Ordinal);

        Task<HttpResponseMessage> ChangeAsync(string old, string next) =>
            ada.SubmitAsync("account/manage", "password", ("Password.Old", old), ("Password.New", next));
    }

    [Fact]
    public async Task G11_Over_https_every_cookie_is_Secure()
    {
        using var visitor = new FormClient(site.Node.Address);

        foreach (var path in new[] { "account/login", "account/register", "" })
        {
            using var page = await visitor.SendAsync(HttpMethod.Get, path, null, ("X-Forwarded-Proto", "https"));
            Assert.All(Cookies(page), cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
            if (path == "account/login")
                Assert.Contains(Cookies(page), cookie => cookie.Contains("Antiforgery", StringComparison.Ordinal));
        }

        static IEnumerable<string> Cookies(HttpResponseMessage response) => response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];
    }

    [Fact]
    public async Task G12_Requests_of_another_sites_pages_use_no_attempts()
    {
        await using var node = await HostedNode.StartAsync(null, "Accounts:AttemptsPerMinute=3");
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        using var visitor = new FormClient(node.Address);
        (string, string)[] foreign = [("Origin", "https://other.example"), ("Sec-Fetch-Site", "cross-site")];
        for (var i = 0; i < 6; i++)
        {
            using var form = new FormUrlEncodedContent([
                new("_handler", "login"), new("Input.Email", "ada@example.org"), new("Input.Password", "wrong password")]);
            using var refused = await visitor.SendAsync(HttpMethod.Post, "account/login", form, foreign);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("did not come from a page of this server", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            // A picture in a page of another site is requested without an origin.
            using var key = await visitor.SendAsync(HttpMethod.Get, "ws/chat/1/chat/?access_token=made-up", null, ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal(HttpStatusCode.Unauthorized, key.StatusCode);
        }

        using var signedIn = await visitor.SignInAsync("Ada");

        Assert.True(await visitor.IsSignedInAsync());
    }

    private async Task<string> LinkAsync(Member person)
    {
        using var made = await site.Ada.SubmitAsync("admin/people", "people", ("PasswordFor", $"{person.Id}"));
        return new Uri((await FormClient.ReadAsync(made)).QuerySelector("#password-link")!.TextContent).AbsolutePath;
    }

    private static async Task<string> ErrorAsync(FormClient visitor, string email, string password)
    {
        using var response = await visitor.SignInAsync(email, password);
        return await FormClient.ReadErrorAsync(response);
    }
}
