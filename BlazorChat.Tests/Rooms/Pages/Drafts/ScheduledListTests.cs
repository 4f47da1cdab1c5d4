using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages.Drafts;
using BlazorChat.Rooms.Pages.Later;
using BlazorChat.Rooms.Scheduled;
using Bunit;
using Microsoft.EntityFrameworkCore;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Drafts;

/// <summary>The list of scheduled messages, and the dialogs that schedule and change one.</summary>
public sealed class ScheduledListTests : ComponentTest
{
    private ScheduledMessages Scheduled => Services.GetRequiredService<ScheduledMessages>();

    [Fact]
    public async Task The_list_follows_changes_from_elsewhere_and_its_commands()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var list = await OpenAsync();
        Assert.StartsWith("Nothing is scheduled.", list.Find(".line-list-empty").TextContent, StringComparison.Ordinal);

        var (first, second) = (await ScheduleAsync(room, "one", 2), await ScheduleAsync(room, "two", 1));
        await list.WaitForStateAsync(() => Texts(list).SequenceEqual(["two", "one"]));
        Assert.Equal([$"rooms/{room.Id}", $"rooms/{room.Id}"], list.FindAll("a.scheduled-room").Select(link => link.GetAttribute("href")));

        // Deleted, and undone with the same id.
        await Button(list, "Delete").ClickAsync(new());
        await list.WaitForStateAsync(() => Texts(list).SequenceEqual(["one"]));
        await Button(list, "Undo").ClickAsync(new());
        await list.WaitForStateAsync(() => Texts(list).SequenceEqual(["two", "one"]));
        Assert.Equal([second, first], (await Scheduled.ListAsync(Ada, null, default)).Select(item => item.Id));

        await Button(list, "Send now").ClickAsync(new());
        await list.WaitForStateAsync(() => Texts(list).SequenceEqual(["one"]));
        // The focus went to the line below, twice.
        JSInterop.VerifyFocusAsyncInvoke(calledTimes: 2);
        Assert.Equal(second, Assert.Single((await Site.Conversation.ReadLatestAsync(Ada, room.Id, default)).Messages).ClientMessageId);
    }

    [Fact]
    public async Task A_refusal_stays_in_the_list_with_its_reason()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await ScheduleAsync(room, "late", 1);
        var list = await OpenAsync();
        await Site.RoomLifecycle.ArchiveAsync(Ada, room.Id, default);

        await Button(list, "Send now").ClickAsync(new());

        await list.WaitForElementAsync(".scheduled-failure");
        Assert.Equal("Not sent: the room is archived.", list.Find(".scheduled-failure").TextContent);
        Assert.Equal(["late"], Texts(list));
        await Site.RoomLifecycle.DeleteAsync(Ada, room.Id, default);
        await list.WaitForStateAsync(() => list.Find(".scheduled-room").TextContent == "A room you can't open any more");
    }

    [Fact]
    public async Task One_that_is_being_sent_has_no_commands()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await ScheduleAsync(room, "now", 1);
        await using (var db = await Site.OpenAsync())
            await db.ScheduledMessages.ExecuteUpdateAsync(row => row.SetProperty(r => r.State, ScheduleState.Sending));

        var list = await OpenAsync();

        Assert.Equal("Sending…", list.Find("[role=status]").TextContent);
        Assert.Empty(list.FindAll("button"));
    }

    [Fact]
    public async Task The_text_and_the_time_are_changed_in_dialogs()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var id = await ScheduleAsync(room, "one", 1);
        var dialogs = Render<MudDialogProvider>();
        var list = await OpenAsync();

        _ = Button(list, "Edit").ClickAsync(new());
        var box = await dialogs.WaitForElementAsync("#edit-scheduled-text");
        Assert.Equal("one", box.GetAttribute("value"));
        await box.ChangeAsync(new() { Value = " " });
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForElementAsync("[role=alert]");
        await dialogs.Find("#edit-scheduled-text").ChangeAsync(new() { Value = "other" });
        await dialogs.Find("form").SubmitAsync();
        await list.WaitForStateAsync(() => Texts(list).SequenceEqual(["other"]));

        _ = Button(list, "Change time").ClickAsync(new());
        await dialogs.WaitForElementAsync(".time-choice");
        Assert.Equal("Custom date and time…", dialogs.FindAll(".time-choice")[^1].TextContent);
        await dialogs.FindAll(".time-choice")[^1].ClickAsync(new());
        await dialogs.WaitForElementAsync("#time-clock");
        await dialogs.Find("#time-clock").ChangeAsync(new() { Value = "15:30:00" });
        await dialogs.Find("form").SubmitAsync();
        await dialogs.WaitForStateAsync(() => dialogs.FindAll("form").Count == 0);

        var item = (await Scheduled.FindAsync(Ada, id, default))!;
        Assert.Equal(DateTime.UtcNow.Date.AddDays(1) + new TimeSpan(15, 30, 0), item.DueAt.UtcDateTime);
    }

    [Fact]
    public async Task A_message_is_scheduled_for_an_offered_time_or_not_at_all()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var dialogs = Render<MudDialogProvider>();
        var later = Services.GetRequiredService<SendLater>();
        var message = new NewScheduled(room.Id, Guid.NewGuid(), "tomorrow", default);

        var cancelled = dialogs.InvokeAsync(() => later.ScheduleAsync(message, default));
        await dialogs.WaitForElementAsync(".time-choice");
        await dialogs.FindAll("button").Single(button => button.TextContent == "Cancel").ClickAsync(new());
        Assert.Null(await cancelled);

        var chosen = dialogs.InvokeAsync(() => later.ScheduleAsync(message, default));
        await dialogs.WaitForElementAsync(".time-choice");
        await dialogs.Find(".time-choice").ClickAsync(new());
        Assert.Equal(DateTime.UtcNow.Date.AddDays(1).AddHours(9), (await chosen)!.DueAt);
        Assert.Equal(("tomorrow", "UTC"), (await Scheduled.ListAsync(Ada, null, default)).Select(item => (item.Markdown, item.TimeZone)).Single());

        // A refusal stays in the dialog.
        _ = dialogs.InvokeAsync(() => later.ScheduleAsync(message with { RoomId = 99 }, default));
        await dialogs.WaitForElementAsync(".time-choice");
        await dialogs.Find(".time-choice").ClickAsync(new());
        await dialogs.WaitForElementAsync("[role=alert]");
    }

    private async Task<Guid> ScheduleAsync(RoomView room, string text, int hours)
    {
        var id = Guid.NewGuid();
        await Scheduled.ScheduleAsync(Ada, new NewScheduled(room.Id, id, text, TimeProvider.System.GetUtcNow().AddHours(hours)), default);
        return id;
    }

    private async Task<IRenderedComponent<ScheduledList>> OpenAsync()
    {
        var list = Render<ScheduledList>();
        await list.WaitForElementAsync("[data-ready]");
        return list;
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<ScheduledList> list, string name) =>
        list.FindAll("button").First(button => button.TextContent == name);

    private static IEnumerable<string> Texts(IRenderedComponent<ScheduledList> list) => list.FindAll(".scheduled-text").Select(text => text.TextContent);
}
