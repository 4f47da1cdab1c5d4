using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Pages;
using BlazorChat.Rooms.Pages.Composing;
using BlazorChat.Rooms.Pages.Polls;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Polls;
using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace BlazorChat.Tests.Rooms.Pages.Polls;

/// <summary>The dialogs of a new poll and of its end, and what opens them.</summary>
public sealed class PollDialogTests : ComponentTest
{
    private RoomView? _room;

    [Fact]
    public async Task A_poll_is_sent_with_what_is_chosen_and_grows_by_empty_options()
    {
        var (dialogs, closed) = await OpenAsync("Where?");
        Assert.Equal(3, OptionsOf(dialogs).Count);
        Assert.Equal("Where?", dialogs.Find("#poll-question").GetAttribute("value"));
        foreach (var (index, text) in new[] { (0, "Here"), (1, ""), (2, " There ") })
            await OptionsOf(dialogs)[index].ChangeAsync(new ChangeEventArgs { Value = text });
        Assert.Equal(4, OptionsOf(dialogs).Count);
        foreach (var box in new[] { 0, 1 })
            await dialogs.FindAll("#poll-form input[type=checkbox]")[box].ChangeAsync(new ChangeEventArgs { Value = true });
        await dialogs.Find("#poll-end").ChangeAsync(new ChangeEventArgs { Value = "Day" });
        await dialogs.Find("#poll-form").SubmitAsync();

        Assert.Equal("Poll sent.", await closed);
        var message = await ReadAsync();
        Assert.Equal(("Where?", true, true), (message.Markdown, message.Poll!.IsMultiple, message.Poll.IsAnonymous));
        Assert.Equal(["Here", "There"], message.Poll.Options.Select(option => option.Text));
        Assert.InRange(message.Poll.EndsAt!.Value, DateTime.UtcNow.AddHours(23), DateTime.UtcNow.AddHours(24));
    }

    [Fact]
    public async Task Another_time_is_in_the_zone_of_the_reader_and_a_poll_has_at_most_ten_options()
    {
        Services.GetRequiredService<BlazorChat.Common.Localization.ReaderTimeZone>().TryChange("Asia/Seoul");
        var (dialogs, closed) = await OpenAsync("When?");
        for (var i = 0; i < 10; i++)
            await OptionsOf(dialogs)[i].ChangeAsync(new ChangeEventArgs { Value = $"{i}" });
        Assert.Equal(10, OptionsOf(dialogs).Count);
        await dialogs.Find("#poll-end").ChangeAsync(new ChangeEventArgs { Value = "Other" });
        var local = DateTime.UtcNow.AddHours(9).AddDays(2);
        await dialogs.Find("input[type=datetime-local]").ChangeAsync(new ChangeEventArgs { Value = $"{local:yyyy-MM-ddTHH:mm}" });
        await dialogs.Find("#poll-form").SubmitAsync();

        Assert.Equal("Poll sent.", await closed);
        var poll = (await ReadAsync()).Poll!;
        Assert.Equal((10, false, $"{DateTime.UtcNow.AddDays(2):yyyy-MM-dd}"), (poll.Options.Count, poll.IsMultiple, $"{poll.EndsAt:yyyy-MM-dd}"));
        Assert.Equal(local.AddHours(-9), poll.EndsAt!.Value, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_refusal_stays_in_the_dialog_and_the_poll_is_sent_once_it_is_complete()
    {
        var (dialogs, closed) = await OpenAsync("");
        await dialogs.Find("#poll-form").SubmitAsync();
        Assert.Equal("A poll has 2 to 10 options.", (await dialogs.WaitForElementAsync("[role=alert]")).TextContent);
        await OptionsOf(dialogs)[0].ChangeAsync(new ChangeEventArgs { Value = "same" });
        await OptionsOf(dialogs)[1].ChangeAsync(new ChangeEventArgs { Value = "same" });
        await dialogs.Find("#poll-form").SubmitAsync();
        Assert.Equal("Two options are the same: same", dialogs.Find("[role=alert]").TextContent);
        await OptionsOf(dialogs)[1].ChangeAsync(new ChangeEventArgs { Value = "other" });
        await dialogs.Find("#poll-end").ChangeAsync(new ChangeEventArgs { Value = "Other" });
        await dialogs.Find("#poll-form").SubmitAsync();
        Assert.False(closed.IsCompleted);
        await dialogs.Find("#poll-end").ChangeAsync(new ChangeEventArgs { Value = "Never" });
        await dialogs.Find("#poll-form").SubmitAsync();
        // The question is missing.
        Assert.False(closed.IsCompleted);
        Assert.Empty((await Site.Conversation.ReadLatestAsync(Ada, _room!.Id, default)).Messages);
        await dialogs.Find("#poll-question").ChangeAsync(new ChangeEventArgs { Value = " Which? " });
        await dialogs.Find("#poll-form").SubmitAsync();

        Assert.Equal("Poll sent.", await closed);
        Assert.Equal(("Which?", null), ((await ReadAsync()).Markdown, (await ReadAsync()).Poll!.EndsAt));
    }

    [Fact]
    public async Task The_composer_opens_the_dialog_by_its_button_and_by_a_command_in_rooms_only()
    {
        _room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var (dialogs, pane) = (Render<MudDialogProvider>(), Render<ChatPane>(parameters => parameters.Add(p => p.Room, _room)));
        var composer = pane.FindComponent<Composer>();
        Assert.Single(pane.FindAll(".composer-poll"));
        Assert.Contains((await composer.Instance.GetCommandsAsync()).Items, item => item.Text == "poll");

        var cancelled = pane.InvokeAsync(() => composer.Instance.RunCommandAsync(Guid.NewGuid(), "Poll", "Where?"));
        await dialogs.WaitForElementAsync("#poll-form");
        Assert.Equal("Where?", dialogs.Find("#poll-question").GetAttribute("value"));
        await dialogs.FindAll(".mud-dialog-actions button")[0].ClickAsync(new());
        Assert.Equal(new SendResult(SendStatus.Refused, null), await cancelled);

        var created = pane.InvokeAsync(composer.Instance.CreatePollAsync);
        await dialogs.WaitForElementAsync("#poll-form");
        await dialogs.Find("#poll-question").ChangeAsync(new ChangeEventArgs { Value = "Where?" });
        await OptionsOf(dialogs)[0].ChangeAsync(new ChangeEventArgs { Value = "Here" });
        await OptionsOf(dialogs)[1].ChangeAsync(new ChangeEventArgs { Value = "There" });
        await dialogs.Find("#poll-form").SubmitAsync();
        Assert.Equal("Poll sent.", await created);
        await pane.WaitForElementAsync("#m-1 .poll");

        var thread = Render<Composer>(parameters => parameters
            .Add(c => c.RoomId, _room.Id)
            .Add(c => c.ThreadRoot, 1)
            .Add(c => c.Label, "Reply")
            .Add(c => c.Send, (_, _, _, _) => Task.FromResult(SendResult.Accepted))
            .Add(c => c.Edit, (_, _) => Task.FromResult(SendResult.Accepted))
            .Add(c => c.TextOf, _ => null)
            .Add(c => c.Typing, () => Task.CompletedTask));
        Assert.Empty(thread.FindAll(".composer-poll"));
        Assert.DoesNotContain((await thread.Instance.GetCommandsAsync()).Items, item => item.Text == "poll");
        Assert.Equal(SendStatus.Refused, (await thread.Instance.RunCommandAsync(Guid.NewGuid(), "poll", "x")).Status);
    }

    [Fact]
    public async Task A_question_that_notifies_many_people_is_asked_about()
    {
        _room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        for (var i = 0; i < 11; i++)
            await Site.Rooms.JoinAsync(await Site.AddPersonAsync($"Person {i}"), _room.Id, default);
        var (dialogs, closed) = await OpenAsync("Lunch, @room?");
        await OptionsOf(dialogs)[0].ChangeAsync(new ChangeEventArgs { Value = "Pizza" });
        await OptionsOf(dialogs)[1].ChangeAsync(new ChangeEventArgs { Value = "Soup" });
        await dialogs.Find("#poll-form").SubmitAsync();

        Assert.Equal("This notifies 11 people. Press Send poll again to send it.", (await dialogs.WaitForElementAsync("[role=alert]")).TextContent);
        Assert.Empty((await Site.Conversation.ReadLatestAsync(Ada, _room.Id, default)).Messages);
        await dialogs.Find("#poll-form").SubmitAsync();

        Assert.Equal("Poll sent.", await closed);
        Assert.Equal("Lunch, @room?", (await ReadAsync()).Markdown);
    }

    [Fact]
    public async Task The_end_of_a_poll_is_asked_about()
    {
        _room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        await Services.GetRequiredService<RoomPolls>().SendAsync(Ada, _room.Id, Guid.NewGuid(), "Where?", new PollDraft(["Here", "There"]), default);
        var (dialogs, pane) = (Render<MudDialogProvider>(), Render<ChatPane>(parameters => parameters.Add(p => p.Room, _room)));
        await pane.WaitForElementAsync("#m-1 .poll");
        Assert.True(pane.Find("[data-actions]").HasAttribute("data-may-end-polls"));

        var ending = pane.InvokeAsync(() => pane.FindComponent<MessageList>().Instance.EndPollAsync(1));
        await dialogs.WaitForElementAsync(".end-poll-text");
        Assert.Equal("Where?", dialogs.Find(".end-poll-text").TextContent);
        await dialogs.Find(".button-danger").ClickAsync(new());
        await ending;

        await pane.WaitForElementAsync("#m-1 .poll[data-ended]");
    }

    private async Task<(IRenderedComponent<MudDialogProvider> Dialogs, Task<string?> Closed)> OpenAsync(string question)
    {
        _room ??= await Site.Rooms.CreateAsync(Ada, "Room", default);
        var dialogs = Render<MudDialogProvider>();
        var closed = dialogs.InvokeAsync(() => PollDialog.ShowAsync(Services.GetRequiredService<IDialogService>(), _room, question));
        await dialogs.WaitForElementAsync("#poll-form");
        return (dialogs, closed);
    }

    private async Task<MessageView> ReadAsync() => Assert.Single((await Site.Conversation.ReadLatestAsync(Ada, _room!.Id, default)).Messages);

    private static IReadOnlyList<AngleSharp.Dom.IElement> OptionsOf(IRenderedComponent<MudDialogProvider> dialogs) => dialogs.FindAll(".poll-form-options input");
}
