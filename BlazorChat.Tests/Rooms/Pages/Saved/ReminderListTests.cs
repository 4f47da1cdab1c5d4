using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Pages.Saved;
using BlazorChat.Rooms.Reminders;
using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Saved;

/// <summary>Reminders that are set from a row of messages, and their list.</summary>
public sealed class ReminderListTests : ComponentTest
{
    private MessageReminders Reminders => Services.GetRequiredService<MessageReminders>();

    [Fact]
    public async Task A_reminder_is_set_from_a_row_becomes_due_and_is_snoozed_and_done()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "the **plan**", default);
        var dialogs = Render<MudDialogProvider>();
        var chat = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room with { Role = null }));
        await chat.WaitForElementAsync("#m-1");
        var list = Render<ReminderList>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Equal("No reminders. Set one from the actions of a message, or by /remind.", list.Find(".line-list-empty").TextContent);

        var asked = dialogs.InvokeAsync(() => chat.FindComponent<MessageList>().Instance.RemindAsync(1));
        await dialogs.WaitForElementAsync(".time-choice");
        Assert.StartsWith("In 20 minutes", dialogs.Find(".time-choice").TextContent, StringComparison.Ordinal);
        await dialogs.Find(".time-choice").ClickAsync(new());
        Assert.InRange(((await asked)!.Value - DateTime.UtcNow).TotalMinutes, 19, 20);
        await list.WaitForElementAsync("a.reminder-text");
        Assert.Equal(($"rooms/{room.Id}#m-1", "the plan"), (list.Find("a.reminder-text").GetAttribute("href"), list.Find("a.reminder-text").TextContent));
        Assert.Equal(["Change time", "Remove"], Buttons(list));

        await BecomeDueAsync();
        await list.WaitForElementAsync(".reminder-mark");
        Assert.Equal(["Snooze", "Done"], Buttons(list));
        var snoozed = list.Find("li button").ClickAsync(new());
        await dialogs.WaitForElementAsync(".time-choice");
        await dialogs.FindAll(".time-choice")[1].ClickAsync(new());
        await snoozed;
        await list.WaitForStateAsync(() => list.FindAll(".reminder-mark").Count == 0);

        await list.FindAll("li button")[1].ClickAsync(new());
        await list.WaitForElementAsync(".line-list-empty");
    }

    [Fact]
    public async Task It_leaves_with_its_message_and_a_text_has_no_link()
    {
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "one", default);
        await Reminders.RemindAsync(Ada, room.Id, 1, DateTimeOffset.UtcNow.AddHours(1), null, default);
        await Reminders.RemindAsync(Ada, Guid.NewGuid(), "milk", DateTimeOffset.UtcNow.AddHours(2), null, default);
        var list = Render<ReminderList>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Equal(["one", "milk"], list.FindAll(".reminder-text").Select(text => text.TextContent));
        Assert.Single(list.FindAll("a"));

        await Site.Conversation.DeleteAsync(zoe, room.Id, 1, default);

        await list.WaitForStateAsync(() => list.FindAll(".reminder-text").Select(text => text.TextContent).SequenceEqual(["milk"]));
    }

    private async Task BecomeDueAsync()
    {
        await using (var db = await Site.OpenAsync())
            await db.Reminders.ExecuteUpdateAsync(reminder => reminder.SetProperty(r => r.DueAt, DateTime.UtcNow));
        await Site.Services.GetRequiredService<ReminderSchedule>().CallDueAsync(default);
    }

    private static IEnumerable<string> Buttons(IRenderedComponent<ReminderList> list) => list.FindAll("li button").Select(button => button.TextContent);
}
