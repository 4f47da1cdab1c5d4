using BlazorChat.Admin.Reports;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Dialogs;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Reports;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace BlazorChat.Tests.Admin.Reports;

/// <summary>The queue of reported messages, and the dialog that adds to it.</summary>
public sealed class ReportsPageTests : ComponentTest
{
    private MessageReports Reports => Services.GetRequiredService<MessageReports>();

    [Fact]
    public async Task A_report_of_the_dialog_is_in_the_open_queue_until_an_admin_decides()
    {
        await MakeAdminAsync();
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        foreach (var text in new[] { "one", "two" })
            await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), text, default);
        var page = Render<ReportsPage>();
        await page.WaitForElementAsync(".reports[data-ready]");
        Assert.Equal("No reports are waiting.", page.Find(".reports-empty").TextContent);

        var dialogs = Render<MudDialogProvider>();
        var chat = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room with { Role = null }));
        await chat.WaitForElementAsync("#m-2");
        var list = chat.FindComponent<MessageList>().Instance;
        var said = chat.InvokeAsync(() => list.ReportAsync(1));
        await dialogs.WaitForElementAsync("#report-form");
        await dialogs.FindAll("input[type=radio]")[1].ChangeAsync(new ChangeEventArgs { Value = "on" });
        await dialogs.Find("#report-note").ChangeAsync(new ChangeEventArgs { Value = "look" });
        await dialogs.Find("#report-form").SubmitAsync();

        Assert.Equal("Reported. Admins will look at it.", await said);
        await page.WaitForStateAsync(() => page.FindAll(".reported").Count == 1);
        Assert.Equal("one", page.Find(".reported-text").TextContent);
        Assert.Contains("Harassment or hate", page.Find(".reported-reports").TextContent, StringComparison.Ordinal);
        Assert.Contains("look", page.Find(".reported-reports").TextContent, StringComparison.Ordinal);

        // Asks before it deletes.
        await page.FindAll(".reported button")[1].ClickAsync(new());
        Assert.Equal("one", (await Reports.ListAsync(Ada, 0, default))[0].Message.Markdown);
        await page.FindAll(".reported button")[1].ClickAsync(new());
        await page.WaitForStateAsync(() => page.FindAll(".reported").Count == 0);
        await chat.WaitForStateAsync(() => chat.Find("#m-1").HasAttribute("data-deleted"));
    }

    [Fact]
    public async Task A_refused_report_says_why_in_the_dialog_and_keeps_the_note()
    {
        await MakeAdminAsync();
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Site.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), "mine", default);
        var dialogs = Render<MudDialogProvider>();
        var said = dialogs.InvokeAsync(() => ReportDialog.ShowAsync(Services.GetRequiredService<IDialogService>(), room.Id, 1));
        await dialogs.WaitForElementAsync("#report-form");
        await dialogs.Find("#report-note").ChangeAsync(new ChangeEventArgs { Value = "look" });
        await dialogs.Find("#report-form").SubmitAsync();

        await dialogs.WaitForStateAsync(() => dialogs.FindAll("[role=alert]").Count == 1);
        Assert.Equal("You can't report your own message.", dialogs.Find("[role=alert]").TextContent);
        Assert.Equal("look", dialogs.Find("#report-note").GetAttribute("value"));
        Assert.False(said.IsCompleted);
    }

    [Fact]
    public async Task The_queue_has_nothing_for_somebody_without_the_right()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "one", default);
        await Reports.ReportAsync(Ada, room.Id, 1, ReportReason.Spam, "", default);

        var page = Render<ReportsPage>();

        await page.WaitForElementAsync("[role=alert]");
        Assert.Empty(page.FindAll(".reported"));
    }
}
