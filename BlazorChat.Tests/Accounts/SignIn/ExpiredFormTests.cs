using System.Net;
using AngleSharp.Html.Dom;

namespace BlazorChat.Tests.Accounts.SignIn;

/// <summary>Forms whose page was open for too long, or was opened before another sign-in.</summary>
public sealed class ExpiredFormTests(TestSite site) : IClassFixture<TestSite>
{
    private const string Token = "__RequestVerificationToken";

    [Fact]
    public async Task A3_A_sign_in_form_of_a_second_tab_redirects_to_the_requested_page()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var browser = new FormClient(site.Node.Address);
        var secondTab = await browser.FillInAsync(
            "account/login?returnUrl=%2Frooms%2F1", "login", ("Input.Email", zoe.Email), ("Input.Password", FormClient.Password));
        using var firstTab = await browser.SignInAsync(zoe.Email);

        using var response = await secondTab();

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/rooms/1", new Uri(site.Node.Address, response.Headers.Location!).AbsolutePath);
    }

    [Fact]
    public async Task A3_A_page_that_was_opened_before_the_last_sign_in_signs_out()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var page = await zoe.GetPageAsync("");
        var token = page.QuerySelector($"form[action='account/logout'] input[name={Token}]")!.GetAttribute("value")!;
        await zoe.SignOutAsync();
        using var other = await site.JoinAsync("Other");
        using var again = await zoe.SignInAsync(other.Email);
        using var form = new FormUrlEncodedContent([new(Token, token)]);

        using var signedOut = await zoe.SendAsync(HttpMethod.Post, "account/logout", form, ("Origin", site.Node.Address.GetLeftPart(UriPartial.Authority)));

        Assert.Equal("/account/login", new Uri(site.Node.Address, signedOut.Headers.Location!).AbsolutePath);
        Assert.False(await zoe.IsSignedInAsync());
    }

    [Fact]
    public async Task A3_Another_site_cannot_sign_out()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var form = new FormUrlEncodedContent([]);

        using var refused = await zoe.SendAsync(HttpMethod.Post, "account/logout", form, ("Origin", "https://other.example"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.True(await zoe.IsSignedInAsync());
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nbroken\r\n\r\n--x--")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Dispo")]
    [InlineData("multipart/form-data", "x")]
    [InlineData("application/x-www-form-urlencoded", "%%%=%&&&==")]
    [InlineData("text/plain", "x")]
    public async Task A_broken_form_gets_the_page_and_is_no_error_of_the_node(string type, string body)
    {
        using var visitor = new FormClient(site.Node.Address);
        using var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);

        using var response = await visitor.SendAsync(HttpMethod.Post, "account/login", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Nothing was saved.", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A3_An_expired_form_comes_back_filled_in_and_changes_nothing()
    {
        using var zoe = await site.JoinAsync("Zoe");

        using var response = await zoe.SubmitAsync("account/manage", "name", (Token, "expired"), ("Name.Value", "Zoë \"the\" <New>"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var page = await FormClient.ReadAsync(response);
        var form = page.Forms.Single(form => form.QuerySelector("input[name=_handler][value=name]") is not null);
        Assert.Contains("open for too long", form.QuerySelector("p.error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Zoë \"the\" <New>", form.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("Zoe", (await zoe.GetPageAsync("account/manage")).QuerySelector("#name")!.GetAttribute("value"));

        // The returned form has a valid token.
        using var content = new FormUrlEncodedContent(form.Elements.OfType<IHtmlInputElement>()
            .Where(input => input.Name is not null)
            .Select(input => KeyValuePair.Create(input.Name!, input.Value)));
        using var sentAgain = await zoe.PostAsync("account/manage", content);
        Assert.Equal("Zoë \"the\" <New>", (await FormClient.ReadAsync(sentAgain)).QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.OK, sentAgain.StatusCode);
    }

    [Fact]
    public async Task A3_An_expired_sign_in_keeps_the_address_and_the_box_but_not_the_password()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var browser = new FormClient(site.Node.Address);

        using var response = await browser.SubmitAsync(
            "account/login",
            "login",
            (Token, "expired"), ("Input.Email", zoe.Email), ("Input.Password", FormClient.Password), ("Input.Remember", "False"));

        var page = await FormClient.ReadAsync(response);
        Assert.Equal(zoe.Email, page.QuerySelector("#email")!.GetAttribute("value"));
        Assert.Null(page.QuerySelector("#password")!.GetAttribute("value"));
        Assert.False(((IHtmlInputElement)page.QuerySelector("input[name='Input.Remember']")!).IsChecked);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("account/login", "login", "Input.Email")]
    [InlineData("account/confirm", "confirm", null)]
    [InlineData("account/manage", "password", null)]
    [InlineData("account/two-factor", "enable", null)]
    [InlineData("account/avatar", "remove", null)]
    [InlineData("admin/people", "people", null)]
    [InlineData("admin/bots", "new-bot", "Name")]
    [InlineData("account/sessions", "sessions", null)]
    [InlineData("admin/invitations", "reset", null)]
    [InlineData("account/passkeys", "add", null)]
    public async Task A3_Every_expired_form_comes_back_with_one_sentence(string path, string handler, string? field)
    {
        using var browser = path == "account/login" ? new FormClient(site.Node.Address) : null;
        var client = browser ?? site.Ada;

        using var response = await client.SubmitAsync(path, handler, [(Token, "expired"), .. field is null ? [] : new[] { (field, "typed@example.org") }]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var page = await FormClient.ReadAsync(response);
        Assert.Single(page.QuerySelectorAll("p.error"), error => error.TextContent.Contains("open for too long", StringComparison.Ordinal));
        if (field is not null)
            Assert.Equal("typed@example.org", page.QuerySelector($"input[name='{field}']")!.GetAttribute("value"));
    }
}
