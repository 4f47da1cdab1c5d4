using AngleSharp.Html.Dom;

namespace BlazorChat.Tests.Notifications.Mail;

public sealed class MailSectionTests
{
    [Fact]
    public async Task A_person_chooses_when_missed_messages_are_mailed()
    {
        await using var sink = SmtpSink.Start();
        await using var node = await HostedNode.StartAsync(null, sink.Settings);
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();
        Assert.Equal("0", await ReadAsync());
        Assert.NotNull((await ada.GetPageAsync("account/manage")).QuerySelector("a[href='account/notifications']"));

        using var saved = await ada.SubmitAsync("account/notifications", "mail", ("MailAfter", "60"));
        Assert.Equal("Saved.", (await FormClient.ReadAsync(saved)).QuerySelector("p[role=status]:not([hidden])")!.TextContent);
        Assert.Equal("60", await ReadAsync());
        using var refused = await ada.SubmitAsync("account/notifications", "mail", ("MailAfter", "100000"));
        Assert.Null((await FormClient.ReadAsync(refused)).QuerySelector("p[role=status]:not([hidden])"));
        using var never = await ada.SubmitAsync("account/notifications", "mail", ("MailAfter", "0"));
        Assert.Equal("0", await ReadAsync());

        async Task<string?> ReadAsync() =>
            ((IHtmlSelectElement)(await ada.GetPageAsync("account/notifications")).QuerySelector("#mail-after")!).Value;
    }

    [Fact]
    public async Task Without_mail_the_page_says_so()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        await ada.SetUpAsync();

        Assert.Contains("This server sends no email.", (await ada.GetPageAsync("account/notifications")).Body!.TextContent, StringComparison.Ordinal);
    }
}
