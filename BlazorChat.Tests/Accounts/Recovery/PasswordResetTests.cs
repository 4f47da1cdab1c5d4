using System.Net;
using BlazorChat.Accounts.Recovery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Accounts.Recovery;

/// <summary>A site that sends mail, to a sink.</summary>
public sealed class MailingSite : TestSite
{
    public SmtpSink Sink { get; } = SmtpSink.Start();

    protected override string[] Settings => Sink.Settings;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sink.DisposeAsync();
    }
}

public sealed class PasswordResetTests(MailingSite site) : IClassFixture<MailingSite>
{
    private const string NewPassword = "another horse battery";

    [Fact]
    public async Task A_person_who_forgot_the_password_chooses_a_new_one_by_a_mailed_link_once()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var browser = new FormClient(site.Node.Address);
        Assert.NotNull((await browser.GetPageAsync("account/login")).QuerySelector("a[href='account/forgot']"));

        await RequestAsync(zoe.Email.ToUpperInvariant());
        var mail = await site.Sink.ReceiveAsync();
        var link = LinkIn(mail.TextBody!);

        // The address of the account, not the one that was typed.
        Assert.Equal(zoe.Email, mail.To.Mailboxes.Single().Address);
        Assert.Contains(link, mail.HtmlBody, StringComparison.Ordinal);
        using var changed = await browser.SubmitAsync(link, "new-password", ("Input.Password", NewPassword));
        Assert.Equal("Your password is changed", (await FormClient.ReadAsync(changed)).QuerySelector("h1")!.TextContent);
        using var signedIn = await browser.SignInAsync(zoe.Email, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        var again = await browser.GetPageAsync(link);
        Assert.Null(again.QuerySelector("input[type=password]"));
        Assert.NotNull(again.QuerySelector("a[href='account/forgot']"));
        Assert.DoesNotContain(link, site.Node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_addresses_banned_people_and_bots_get_no_mail_and_the_same_answer()
    {
        using var max = await site.JoinAsync("Max");
        using var eva = await site.JoinAsync("Eva");
        var bot = await site.AddBotAsync("Bell");
        const string botAddress = "bell@example.org";
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            await database.Db.Users.Where(user => user.Id == max.Id).ExecuteUpdateAsync(
                user => user.SetProperty(u => u.BannedAt, (DateTime?)DateTime.UnixEpoch));
            await database.Db.Users.Where(user => user.Id == bot.Id).ExecuteUpdateAsync(
                user => user.SetProperty(u => u.Email, botAddress).SetProperty(u => u.NormalizedEmail, botAddress.ToUpperInvariant()));
        }

        var unknown = await RequestAsync("nobody@example.org");
        var banned = await RequestAsync(max.Email);
        var program = await RequestAsync(botAddress);
        var known = await RequestAsync(eva.Email);

        // Mails are sent in the order of their requests.
        Assert.Equal(eva.Email, (await site.Sink.ReceiveAsync()).To.Mailboxes.Single().Address);
        Assert.Equal(0, site.Sink.Waiting);
        Assert.Equal(known, unknown);
        Assert.Equal(known, banned);
        Assert.Equal(known, program);
    }

    [Fact]
    public async Task An_address_gets_a_few_mails_in_an_hour_and_the_answer_does_not_say_so()
    {
        using var ida = await site.JoinAsync("Ida");
        var answers = new HashSet<string>();
        for (var i = 0; i <= PasswordResets.RequestsPerHour; i++)
            answers.Add(await RequestAsync(ida.Email));
        await RequestAsync("nobody-else@example.org");

        for (var i = 0; i < PasswordResets.RequestsPerHour; i++)
            await site.Sink.ReceiveAsync();

        Assert.Single(answers);
        using var last = await site.JoinAsync("Last");
        await RequestAsync(last.Email);
        Assert.Equal(last.Email, (await site.Sink.ReceiveAsync()).To.Mailboxes.Single().Address);
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_refused()
    {
        await using var sink = SmtpSink.Start();
        await using var node = await HostedNode.StartAsync(null, [.. sink.Settings, "Accounts:AttemptsPerMinute=2"]);
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        using var browser = new FormClient(node.Address);

        HttpStatusCode[] answers = [await AskAsync(1), await AskAsync(2), await AskAsync(3)];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);

        async Task<HttpStatusCode> AskAsync(int number)
        {
            using var answer = await browser.SubmitAsync("account/forgot", "forgot", ("Input.Email", $"nobody{number}@example.org"));
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Without_mail_the_pages_name_an_admin_and_an_old_form_gets_an_answer()
    {
        await using var node = await HostedNode.StartAsync(null, "Mail:Host=127.0.0.1", "Mail:From=chat@example.org");
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        using var browser = new FormClient(node.Address);

        var page = await browser.GetPageAsync("account/login");

        Assert.Null(page.QuerySelector("a[href='account/forgot']"));
        Assert.Contains("Ask an admin", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Ask an admin", (await browser.GetPageAsync("account/forgot")).Body!.TextContent, StringComparison.Ordinal);
        await node.WaitForLogAsync("Shell:PublicUrl");
    }

    [Fact]
    public void A_mailed_link_ends_after_an_hour()
    {
        var time = new FakeTimeProvider();
        var resets = new PasswordResets(
            null!, null!, null!, new EphemeralDataProtectionProvider(), time,
            NullLogger<PasswordResets>.Instance);
        var link = resets.CreateLink(7, "token of Identity").Split('/')[^1];

        time.Advance(PasswordResets.LinkLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal("token of Identity", resets.ReadToken(link));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(resets.ReadToken(link));
        Assert.Null(resets.ReadToken("not!a!link"));
    }

    /// <summary>Returns the text of the page.</summary>
    private async Task<string> RequestAsync(string email)
    {
        using var browser = new FormClient(site.Node.Address);
        using var answer = await browser.SubmitAsync("account/forgot", "forgot", ("Input.Email", email));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await FormClient.ReadAsync(answer)).QuerySelector("p[role=status]")!.TextContent;
    }

    private static string LinkIn(string text) =>
        new Uri(text.Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("http://127.0.0.1/account/", StringComparison.Ordinal))).AbsolutePath[1..];
}
