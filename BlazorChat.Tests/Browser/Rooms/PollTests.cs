using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Polls on a computer and on a phone.</summary>
public sealed class PollTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    private static readonly string[] Outage = ["WebSocket", "ERR_", "Connection", "Failed to", "circuit", "Cannot send data", "503", "502", "connection"];

    [Fact]
    public async Task Two_people_create_a_poll_vote_change_their_votes_and_end_it()
    {
        using var adaMember = await site.JoinAsync("Ada");
        using var minsuMember = await site.JoinAsync("김민수");
        var room = await site.AddRoomAsync(adaMember, minsuMember);
        await using var ada = await browser.NewPersonAsync(adaMember);
        await using var minsu = await browser.NewPersonAsync(minsuMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await ada.OpenRoomAsync(room.Id);
        await minsu.OpenRoomAsync(room.Id);

        await ada.Composer.FillAsync("/poll Where do we eat?");
        await ada.Composer.PressAsync("Enter");
        var dialog = await OpenedAsync(ada);
        await Assertions.Expect(dialog.GetByLabel("Question")).ToHaveValueAsync("Where do we eat?");
        var send = dialog.GetByRole(AriaRole.Button, new() { Name = "Send poll" });
        var place = await send.BoundingBoxAsync();
        foreach (var (label, text) in new[] { ("Option 1", "At the Italian restaurant around the corner"), ("Option 2", "국수"), ("Option 3", "Here") })
        {
            await dialog.GetByLabel(label, new() { Exact = true }).FillAsync(text);
            await ada.Page.Keyboard.PressAsync("Tab");
        }

        await Assertions.Expect(dialog.GetByLabel("Option 4", new() { Exact = true })).ToBeVisibleAsync();
        // Another option moves nothing, nor does a refusal: a click would miss what it was aimed at.
        Assert.Equal(place!.Y, (await send.BoundingBoxAsync())!.Y);
        await dialog.GetByLabel("Option 2", new() { Exact = true }).FillAsync("Here");
        await send.ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Here");
        Assert.Equal(place.Y, (await send.BoundingBoxAsync())!.Y);
        await ada.ScreenshotAsync("poll-dialog-refused-light-wide");
        await dialog.GetByLabel("Option 2", new() { Exact = true }).FillAsync("국수");
        await dialog.GetByLabel("Ends", new() { Exact = true }).SelectOptionAsync("In a day");
        await ada.ScreenshotAsync("poll-dialog-light-wide");
        await ada.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send poll" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("");
        await Assertions.Expect(OptionOf(minsu, "국수")).ToBeVisibleAsync();

        // A click votes; nothing moves when the counts change.
        var before = await minsu.Message(1).BoundingBoxAsync();
        await OptionOf(ada, "국수").ClickAsync();
        await ExpectAsync(ada, "국수", "1", "100%", isOwn: true);
        await ExpectAsync(minsu, "국수", "1", "100%", isOwn: false);
        await Assertions.Expect(OptionOf(minsu, "국수")).ToHaveAttributeAsync("title", "Ada");
        await OptionOf(minsu, "Italian").TapAsync();
        await ExpectAsync(ada, "Italian", "1", "50%", isOwn: false);
        await ExpectAsync(minsu, "Italian", "1", "50%", isOwn: true);
        Assert.Equal(before!.Height, (await minsu.Message(1).BoundingBoxAsync())!.Height);
        Assert.Equal(360, await minsu.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.InRange((await OptionOf(minsu, "국수").BoundingBoxAsync())!.Height, 44, 80);
        await minsu.ScreenshotAsync("poll-dark-360");
        await minsu.AssertAccessibleAsync();

        // The vote moves, and a second press withdraws it.
        await OptionOf(minsu, "국수").TapAsync();
        await ExpectAsync(ada, "국수", "2", "100%", isOwn: true);
        await ExpectAsync(ada, "Italian", "0", "0%", isOwn: false);
        await OptionOf(minsu, "국수").TapAsync();
        await ExpectAsync(ada, "국수", "1", "100%", isOwn: true);

        // By the keyboard: the focus stays in the options while their row changes.
        var keys = ada.Page.Keyboard;
        await ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("ArrowRight");
        await Assertions.Expect(OptionOf(ada, "Italian")).ToBeFocusedAsync();
        await keys.PressAsync("Space");
        await ExpectAsync(minsu, "Italian", "1", "100%", isOwn: false);
        await ExpectAsync(ada, "Italian", "1", "100%", isOwn: true);
        await Assertions.Expect(OptionOf(ada, "Italian")).ToBeFocusedAsync();
        await ada.ScreenshotAsync("poll-light-wide");
        await ada.AssertAccessibleAsync();

        await ada.Message(1).HoverAsync();
        await (await ada.MenuActionAsync("End poll…")).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End poll" }).ClickAsync();
        await minsu.Message(1).GetByText("Final result").WaitForAsync();
        await OptionOf(minsu, "Here").TapAsync(new() { Force = true });
        await ExpectAsync(minsu, "Italian", "1", "100%", isOwn: false);
        await minsu.ScreenshotAsync("poll-ended-dark-360");
        await minsu.AssertAccessibleAsync();
        await Assertions.Expect(minsu.Message(1).GetByText("Final result")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_anonymous_poll_of_several_choices_is_created_on_a_phone_and_shows_ones_own_vote_on_every_page()
    {
        using var adaMember = await site.JoinAsync("Ada");
        using var zoeMember = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(adaMember, zoeMember);
        await using var ada = await browser.NewPersonAsync(adaMember, width: 360, height: 740, isTouch: true);
        await using var zoe = await browser.NewPersonAsync(zoeMember);
        await ada.OpenRoomAsync(room.Id);
        await zoe.OpenRoomAsync(room.Id);

        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Show formatting" }).TapAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Create poll" }).TapAsync();
        var dialog = await OpenedAsync(ada);
        await dialog.GetByLabel("Question").FillAsync("Which days?");
        await dialog.GetByLabel("Option 1", new() { Exact = true }).FillAsync("Monday");
        await dialog.GetByLabel("Option 2", new() { Exact = true }).FillAsync("Friday");
        await dialog.GetByLabel("Several choices").CheckAsync();
        await dialog.GetByLabel("Anonymous: ").CheckAsync();
        await ada.ScreenshotAsync("poll-dialog-light-360");
        Assert.Equal(360, await ada.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await ada.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send poll" }).TapAsync();

        await OptionOf(zoe, "Monday").ClickAsync();
        await OptionOf(zoe, "Friday").ClickAsync();
        await Assertions.Expect(ada.Message(1).Locator(".poll-voters")).ToHaveTextAsync("1 person voted");
        await Assertions.Expect(ada.Message(1)).ToContainTextAsync("Results appear when the poll ends");
        await Assertions.Expect(ada.Message(1).Locator(".poll-count, .poll-share")).ToHaveCountAsync(0);
        await ada.ScreenshotAsync("poll-anonymous-light-360");
        Assert.DoesNotContain("Zoe", await ada.Message(1).InnerHTMLAsync(), StringComparison.Ordinal);
        await zoe.Page.ReloadAsync();
        await Assertions.Expect(OptionOf(zoe, "Monday")).ToHaveAttributeAsync("aria-checked", "true");
        await Assertions.Expect(OptionOf(zoe, "Friday")).ToHaveAttributeAsync("aria-checked", "true");

        // The row does not say what Zoe chose: the script has asked, and the other choice stays.
        await OptionOf(zoe, "Friday").ClickAsync();
        await Assertions.Expect(OptionOf(zoe, "Friday")).ToHaveAttributeAsync("aria-checked", "false");
        await ada.PressLongAsync(ada.Message(1).Locator(".poll-voters"));
        await ada.Action("End poll…").TapAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "End poll" }).TapAsync();
        await ExpectAsync(ada, "Monday", "1", "100%", isOwn: false);
        await ExpectAsync(ada, "Friday", "0", "0%", isOwn: false);
        await ExpectAsync(zoe, "Monday", "1", "100%", isOwn: true);
    }

    [Fact]
    public async Task A_vote_given_without_a_connection_arrives_once_and_a_refused_one_is_taken_back()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Create poll" }).ClickAsync();
        var dialog = await OpenedAsync(ada);
        await dialog.GetByLabel("Question").FillAsync("Ship?");
        await dialog.GetByLabel("Option 1", new() { Exact = true }).FillAsync("Yes");
        await dialog.GetByLabel("Option 2", new() { Exact = true }).FillAsync("No");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Send poll" }).ClickAsync();
        await OptionOf(ada, "Yes").WaitForAsync();

        await node.KillAsync();
        await OptionOf(ada, "No").ClickAsync();
        await OptionOf(ada, "Yes").ClickAsync();
        await ExpectAsync(ada, "Yes", "1", "100%", isOwn: true);
        await node.StartAgainAsync();

        // The row has the vote itself when the server has stored it.
        await Assertions.Expect(ada.Message(1).Locator("[data-option='1'][data-count='1']")).ToHaveCountAsync(1);
        await ExpectAsync(ada, "Yes", "1", "100%", isOwn: true);
        await ExpectAsync(ada, "No", "0", "0%", isOwn: false);
        Assert.Equal(0, await ada.Page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => key.startsWith('vote/')).length"));
        await using (var database = new DirectDatabase(node.DataFolder))
        {
            Assert.Equal(1, (await database.Db.PollVotes.SingleAsync()).Number);
            await database.Db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.ArchivedAt, DateTime.UnixEpoch));
        }

        await OptionOf(ada, "No").ClickAsync();
        await ada.Page.GetByText("Nobody can write in it").First.WaitForAsync();
        await ExpectAsync(ada, "Yes", "1", "100%", isOwn: true);
    }

    /// <summary>The dialog of a new poll. It moves the focus when it has opened.</summary>
    private static async Task<ILocator> OpenedAsync(Person person)
    {
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByLabel("Question")).ToBeFocusedAsync();
        return dialog;
    }

    private static ILocator OptionOf(Person person, string text) => person.Message(1).Locator(".poll-option", new() { HasText = text });

    private static async Task ExpectAsync(Person person, string text, string count, string share, bool isOwn)
    {
        await Assertions.Expect(OptionOf(person, text).Locator(".poll-count")).ToHaveTextAsync(count);
        await Assertions.Expect(OptionOf(person, text).Locator(".poll-share")).ToHaveTextAsync(share);
        await Assertions.Expect(OptionOf(person, text)).ToHaveAttributeAsync("aria-checked", isOwn ? "true" : "false");
    }
}
