using System.Net;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Confirmation;

/// <summary>Passkeys and two-factor sign-in are changed only after a recent confirmation of the password.</summary>
public sealed class ConfirmationTests(TestSite site) : IClassFixture<TestSite>
{
    [Theory]
    [InlineData("account/passkeys")]
    [InlineData("account/two-factor")]
    public async Task G7_An_old_session_requires_the_password_again(string path)
    {
        using var zoe = await site.JoinAsync("Zoe");
        await AgeAsync(zoe);

        using var asked = await zoe.GetAsync(path);
        var confirm = asked.Headers.Location!.OriginalString;
        Assert.Equal($"/account/confirm?returnUrl=%2F{path.Replace("/", "%2F", StringComparison.Ordinal)}", confirm);
        using var wrong = await zoe.SubmitAsync(confirm, "confirm", ("Input.Password", "wrong password"));
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await zoe.GetAsync(path)).StatusCode);

        using var right = await zoe.SubmitAsync(confirm, "confirm", ("Input.Password", FormClient.Password));

        Assert.Equal($"/{path}", new Uri(site.Node.Address, right.Headers.Location!).AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, (await zoe.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task G7_A_form_sent_after_the_confirmation_has_expired_changes_nothing()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var key = await zoe.StartTwoFactorAsync();
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        var disable = await zoe.FillInAsync("account/two-factor", "disable");
        var renew = await zoe.FillInAsync("account/two-factor", "renew");
        var before = await TokensAsync(zoe);
        await AgeAsync(zoe);

        using var disabled = await disable();
        using var renewed = await renew();

        Assert.Equal("/account/confirm", PathOf(disabled));
        Assert.Equal("/account/confirm", PathOf(renewed));
        Assert.Equal(before, await TokensAsync(zoe));
    }

    [Fact]
    public async Task G7_With_a_second_factor_the_password_alone_does_not_confirm()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var key = await zoe.StartTwoFactorAsync();
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        await AgeAsync(zoe);
        const string confirm = "account/confirm?returnUrl=%2Faccount%2Ftwo-factor";

        using var passwordOnly = await zoe.SubmitAsync(confirm, "confirm", ("Input.Password", FormClient.Password));
        using var wrongCode = await zoe.SubmitAsync(confirm, "confirm", ("Input.Password", FormClient.Password), ("Input.Code", "000000"));
        Assert.Equal(HttpStatusCode.Redirect, (await zoe.GetAsync("account/two-factor")).StatusCode);
        using var both = await zoe.SubmitAsync(confirm, "confirm", ("Input.Password", FormClient.Password), ("Input.Code", Authenticator.Code(key)));

        Assert.Equal("/account/two-factor", PathOf(both));
    }

    [Fact]
    public async Task G7_An_old_session_creates_no_passkey()
    {
        using var zoe = await site.JoinAsync("Zoe");
        var token = (await zoe.GetPageAsync("account/passkeys")).QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
        using var recently = await zoe.PostAsync("account/passkeys/creation-options", form);
        Assert.Equal(HttpStatusCode.OK, recently.StatusCode);
        await AgeAsync(zoe);

        using var late = await zoe.PostAsync("account/passkeys/creation-options", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]));

        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task A1_Opening_the_two_factor_page_changes_nothing_and_setting_up_ends_no_session()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var phone = await site.SignInAsync(zoe);
        var (stamp, tokens) = (await StampAsync(zoe), await TokensAsync(zoe));

        using var opened = await zoe.GetAsync("account/two-factor");
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.Equal((stamp, tokens), (await StampAsync(zoe), await TokensAsync(zoe)));

        var key = await zoe.StartTwoFactorAsync();
        Assert.Equal(key, await zoe.StartTwoFactorAsync());
        using var wrong = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", "12"));
        Assert.Equal(key, (await FormClient.ReadAsync(wrong)).QuerySelector("#shared-key")!.TextContent);
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));

        Assert.NotNull((await FormClient.ReadAsync(enabled)).QuerySelector("#recovery-codes"));
        Assert.Equal(stamp, await StampAsync(zoe));
        Assert.True(await phone.IsSignedInAsync());
        Assert.True(await zoe.IsSignedInAsync());
    }

    private string PathOf(HttpResponseMessage response) => new Uri(site.Node.Address, response.Headers.Location!).AbsolutePath;

    /// <summary>Moves the last confirmation of the person into the past by an hour.</summary>
    private async Task AgeAsync(Member person)
    {
        await using var database = new DirectDatabase(site.Node.DataFolder);
        await database.Db.UserSessions.Where(session => session.UserId == person.Id)
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.ConfirmedAt, s => s.ConfirmedAt.AddHours(-1)));
    }

    private async Task<string?> StampAsync(Member person)
    {
        await using var database = new DirectDatabase(site.Node.DataFolder);
        return await database.Db.Users.Where(user => user.Id == person.Id).Select(user => user.SecurityStamp).SingleAsync();
    }

    private async Task<string> TokensAsync(Member person)
    {
        await using var database = new DirectDatabase(site.Node.DataFolder);
        var tokens = await database.Db.UserTokens.Where(token => token.UserId == person.Id).OrderBy(token => token.Name).ToListAsync();
        var isOn = await database.Db.Users.Where(user => user.Id == person.Id).Select(user => user.TwoFactorEnabled).SingleAsync();
        return string.Join('\n', [$"{isOn}", .. tokens.Select(token => $"{token.Name}={token.Value}")]);
    }
}
