using BlazorChat.Admin;

namespace BlazorChat.Tests.Admin;

public sealed class InvitationMailTests
{
    [Fact]
    public async Task An_admin_mails_the_invitation_to_an_address_a_limited_number_of_times()
    {
        await using var sink = SmtpSink.Start();
        await using var node = await HostedNode.StartAsync(null, sink.Settings);
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        var invitation = await ada.GetInvitationAsync();

        using var refused = await SendAsync("not an address");
        using var sent = await SendAsync(" zoe@example.org ");

        Assert.Equal(["This is not an email address."], await ErrorsAsync(refused));
        Assert.Contains("zoe@example.org", (await FormClient.ReadAsync(sent)).QuerySelector("p[role=status]")!.TextContent, StringComparison.Ordinal);
        var mail = await sink.ReceiveAsync();
        Assert.Equal("zoe@example.org", mail.To.Mailboxes.Single().Address);
        Assert.Equal("Ada invites you to BlazorChat", mail.Subject);
        Assert.Contains($"http://127.0.0.1{invitation}", mail.TextBody!, StringComparison.Ordinal);

        for (var i = 1; i < InvitationMails.PerHour; i++)
            (await SendAsync($"person{i}@example.org")).Dispose();
        using var limited = await SendAsync("one-more@example.org");
        Assert.Contains("You have sent many invitations.", (await ErrorsAsync(limited)).Single(), StringComparison.Ordinal);

        Task<HttpResponseMessage> SendAsync(string address) => ada.SubmitAsync("admin/invitations", "mail", ("Address", address));
    }

    [Fact]
    public async Task Without_mail_the_page_has_no_form_for_it()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();

        Assert.Null((await ada.GetPageAsync("admin/invitations")).QuerySelector("#address"));
    }

    private static async Task<string[]> ErrorsAsync(HttpResponseMessage response) =>
        [.. (await FormClient.ReadAsync(response)).QuerySelectorAll("p.error").Select(error => error.TextContent).Where(text => text.Length > 0)];
}
