using System.Globalization;
using BlazorChat.Data.Entities.Rooms;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Editing, deleting and reading messages, and the typing of others.</summary>
public sealed class RowActionTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;
    private Person _zoe = default!;

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        using var zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(ada, zoe);
        _ada = await browser.NewPersonAsync(ada);
        _zoe = await browser.NewPersonAsync(zoe, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _zoe.DisposeAsync();
        await _ada.DisposeAsync();
    }

    [Fact]
    public async Task Edits_and_deletions_are_shown_to_others()
    {
        await OpenBothAsync();
        await _ada.SendMessageAsync("Hello **Zoe**");
        await _zoe.SeesAsync("Hello Zoe");
        await _zoe.SendMessageAsync("Hello Ada");
        await _ada.SeesAsync("Hello Ada");
        await _ada.Composer.FillAsync("half a thought");

        await _ada.Message(1).HoverAsync();
        await _ada.ScreenshotAsync("row-actions-light-wide");
        await _ada.Action("Edit").ClickAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("Hello **Zoe**");
        await _ada.ScreenshotAsync("edit-light-wide");
        await AssertAxeAsync(_ada);
        await _ada.SendMessageAsync("Hello *Zoe*, again");

        await _zoe.SeesAsync("Hello Zoe, again");
        await Assertions.Expect(_zoe.Message(1).Locator("em")).ToHaveTextAsync("Zoe");
        await Assertions.Expect(_zoe.Message(1).Locator(".message-edited time")).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex("20[0-9]{2}"));
        await _zoe.Message(1).Locator(".message-edited").TapAsync();
        await Assertions.Expect(_zoe.Page.Locator(".edit-history-text")).ToHaveTextAsync(["Hello *Zoe*, again", "Hello **Zoe**"]);
        await AssertAxeAsync(_zoe);
        await _zoe.ScreenshotAsync("edit-history-dark-narrow");
        await _zoe.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(_zoe.Page.Locator(".edit-history")).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("half a thought");
        // The owner of the room can only delete the messages of others.
        await _ada.Message(2).HoverAsync();
        await Assertions.Expect(_ada.Action("Edit")).ToBeHiddenAsync();

        await _ada.Message(1).HoverAsync();
        await (await _ada.MenuActionAsync("Delete")).ClickAsync();
        var dialog = _ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByText("Hello *Zoe*, again").WaitForAsync();
        await _ada.ScreenshotAsync("delete-light-wide");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await _ada.Message(1).HoverAsync();
        await (await _ada.MenuActionAsync("Delete")).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await _zoe.SeesAsync("This message was deleted.");
        await _ada.SeesAsync("This message was deleted.");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        Assert.Equal(["This message was deleted.", "Hello Ada"], await _zoe.MessagesAsync());
        await _ada.ScreenshotAsync("deleted-light-wide");
        await _zoe.ScreenshotAsync("deleted-dark-360");
        await AssertAxeAsync(_ada);
    }

    [Fact]
    public async Task Code_is_copied_and_wrapped_hidden_text_shows_on_request_and_long_messages_unfold()
    {
        await OpenBothAsync();
        await _ada.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _ada.SendMessageAsync($"Look:\n\n```csharp\nvar text = \"{new string('x', 400)}\"; // a\n```\n\nIt was ||the butler||.\n\n- [x] read\n- [ ] answer");
        var code = _ada.Message(1).Locator("pre");
        await Assertions.Expect(code.Locator(".code-keyword")).ToHaveTextAsync("var");
        await AssertAxeAsync(_ada);

        await code.HoverAsync();
        await (await _ada.MenuActionAsync("Copy code")).ClickAsync();
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Copied" })).ToBeVisibleAsync();
        Assert.Equal($"var text = \"{new string('x', 400)}\"; // a", await _ada.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.True(await IsWiderThanItsBoxAsync(code));
        await code.HoverAsync();
        await (await _ada.MenuActionAsync("Wrap lines of code")).ClickAsync();
        Assert.False(await IsWiderThanItsBoxAsync(code));

        var hidden = _ada.Message(1).Locator(".spoiler");
        await _ada.ScreenshotAsync("code-light-wide");
        await Assertions.Expect(hidden).ToHaveCSSAsync("color", "rgba(0, 0, 0, 0)");
        await hidden.ClickAsync();
        await Assertions.Expect(hidden).Not.ToHaveCSSAsync("color", "rgba(0, 0, 0, 0)");

        await _ada.SendMessageAsync(string.Join('\n', Enumerable.Range(1, 60).Select(line => $"line {line}")));
        var more = _zoe.Message(2).GetByRole(AriaRole.Button, new() { Name = "Show more" });
        await more.ScrollIntoViewIfNeededAsync();
        await _zoe.ScreenshotAsync("folded-dark-360");
        var folded = (await _zoe.Message(2).BoundingBoxAsync())!;
        await more.TapAsync();
        await Assertions.Expect(more).ToBeHiddenAsync();
        var unfolded = (await _zoe.Message(2).BoundingBoxAsync())!;
        Assert.InRange(unfolded.Height, folded.Height * 2, folded.Height * 10);
        Assert.InRange(unfolded.Y, folded.Y - 2, folded.Y + 2);
        await _zoe.Message(1).ScrollIntoViewIfNeededAsync();
        await _zoe.ScreenshotAsync("code-dark-360");
    }

    [Fact]
    public async Task Long_messages_and_wide_tables_hold_in_rooms_threads_and_the_page_of_unread_messages()
    {
        await OpenBothAsync();
        var wide = $"|{string.Concat(Enumerable.Range(1, 14).Select(i => $"Column {i}|"))}\n|{string.Concat(Enumerable.Repeat("-|", 14))}\n|{string.Concat(Enumerable.Repeat("international|", 14))}";
        var lines = string.Join('\n', Enumerable.Range(1, 60).Select(line => $"line {line}"));
        await _ada.SendMessageAsync($"Costs\n\n{wide}");
        await CheckTableAsync(_zoe.Message(1));
        await _zoe.ScreenshotAsync("table-dark-360");

        // In a thread, on the phone and beside the room.
        await _ada.Page.GotoAsync($"rooms/{_room.Id}/1");
        var box = _ada.Page.Locator(".thread textarea");
        await _ada.Page.Locator(".thread .composer[data-ready]").WaitForAsync();
        foreach (var text in new[] { wide, lines })
        {
            await box.FillAsync(text);
            await box.PressAsync("Enter");
            await Assertions.Expect(box).ToHaveValueAsync("");
        }

        await _zoe.Page.GotoAsync($"rooms/{_room.Id}/1");
        await Assertions.Expect(_zoe.Page.Locator("#r-2")).ToContainTextAsync("line 1");
        foreach (var person in new[] { _ada, _zoe })
        {
            await CheckTableAsync(person.Page.Locator("#r-0"));
            await CheckTableAsync(person.Page.Locator("#r-1"));
        }

        await UnfoldAsync(_zoe.Page.Locator("#r-2"));

        // An address leads to all of a long message; the page of unread ones unfolds it too.
        await _zoe.Page.GotoAsync("threads");
        await _ada.Page.GotoAsync($"rooms/{_room.Id}");
        await _ada.ReadyToWriteAsync();
        await _ada.SendMessageAsync(lines);
        await _ada.SeesAsync("line 1");
        await _zoe.Page.GotoAsync("unread");
        await _zoe.Page.Locator(".unread-list[data-ready]").WaitForAsync();
        await UnfoldAsync(_zoe.Page.Locator("article").Filter(new() { HasText = "line 1" }));
        await _zoe.Page.GotoAsync($"rooms/{_room.Id}#m-2");
        await Assertions.Expect(_zoe.Message(2)).ToHaveAttributeAsync("data-target", "");
        await Assertions.Expect(_zoe.Message(2).GetByRole(AriaRole.Button, new() { Name = "Show more" })).ToBeHiddenAsync();
        Assert.InRange(await TopOfAsync(_zoe.Message(2)) - await TopOfAsync(_zoe.Page.GetByRole(AriaRole.Log)), 0, 120);
    }

    private static async Task UnfoldAsync(ILocator row)
    {
        var more = row.GetByRole(AriaRole.Button, new() { Name = "Show more" });
        await more.ScrollIntoViewIfNeededAsync();
        await more.TapAsync();
        await Assertions.Expect(more).ToBeHiddenAsync();
        await Assertions.Expect(row.GetByText("line 60")).ToBeVisibleAsync();
    }

    private static Task<double> TopOfAsync(ILocator element) => element.EvaluateAsync<double>("element => element.getBoundingClientRect().top");

    /// <summary>A table scrolls in its message, its words stay whole, and nothing else is wider than the screen.</summary>
    private static async Task CheckTableAsync(ILocator row)
    {
        var table = row.Locator("table");
        await table.WaitForAsync();
        Assert.True(await IsWiderThanItsBoxAsync(table));
        Assert.False(await row.EvaluateAsync<bool>("row => { const list = row.closest('.messages'); return list.scrollWidth > list.clientWidth; }"));
        var cell = (await table.Locator("td").First.BoundingBoxAsync())!;
        Assert.InRange(cell.Width, 60, 200);
        Assert.InRange(cell.Height, 16, 40);
    }

    private static Task<bool> IsWiderThanItsBoxAsync(ILocator element) => element.EvaluateAsync<bool>("element => element.scrollWidth > element.clientWidth + 1");

    [Fact]
    public async Task A_focused_message_has_the_focus_also_after_a_change()
    {
        await OpenBothAsync();
        await _zoe.SendMessageAsync("one");
        await _zoe.SendMessageAsync("two");
        await _ada.SeesAsync("two");
        await _ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await _ada.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Message(2)).ToBeFocusedAsync();

        await _zoe.Composer.FocusAsync();
        await _zoe.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(_zoe.Composer).ToHaveValueAsync("two");
        await _zoe.SendMessageAsync("two, changed");
        await _ada.SeesAsync("two, changed");

        await Assertions.Expect(_ada.Message(2)).ToBeFocusedAsync();
        await Assertions.Expect(_ada.Action("More actions")).ToBeVisibleAsync();
        await _ada.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Message(1)).ToBeFocusedAsync();
    }

    [Fact]
    public async Task All_actions_work_with_the_keyboard()
    {
        await OpenBothAsync();
        foreach (var text in new[] { "one", "two", "three" })
            await _ada.SendMessageAsync(text);
        await _zoe.SeesAsync("three");
        await _zoe.SendMessageAsync("four");
        await _ada.SeesAsync("four");
        var keys = _ada.Page.Keyboard;

        // Up in an empty box edits the last own message; Escape and the answer to its question discard the edit.
        await _ada.Composer.FocusAsync();
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("three");
        await keys.TypeAsync(" and a half");
        await keys.PressAsync("Escape");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("");

        // The focus moves from the log to a row, to its actions, and back.
        await _ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Message(4)).ToBeFocusedAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Message(2)).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("ArrowRight");
        await Assertions.Expect(_ada.Action("Edit")).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(_ada.Message(2)).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("Enter");
        await Assertions.Expect(_ada.Composer).ToBeFocusedAsync();
        await keys.TypeAsync(" and a half");
        await keys.PressAsync("Enter");
        await _zoe.SeesAsync("two and a half");

        await _ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Home");
        await Assertions.Expect(_ada.Message(1)).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await OpenMenuAsync();
        // The last one comes before the first one.
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(_ada.Action("Delete")).ToBeFocusedAsync();
        await _ada.ScreenshotAsync("row-menu-light-wide");
        await AssertAxeAsync(_ada);
        await keys.PressAsync("Escape");
        await Assertions.Expect(_ada.Message(1)).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await OpenMenuAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Enter");
        var cancel = _ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" });
        await Assertions.Expect(cancel).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(_ada.Message(1)).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await OpenMenuAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("Enter");
        await Assertions.Expect(cancel).ToBeFocusedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await Assertions.Expect(_ada.Message(1)).ToBeFocusedAsync();
        await _zoe.SeesAsync("This message was deleted.");
        await keys.PressAsync("Escape");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Log)).ToBeFocusedAsync();
        Assert.Equal(
            ["This message was deleted.", "two and a half edited", "three", "four"],
            await _ada.LinesAsync());

        // Of a row of one's own, from its first action: reply, quote, edit, more.
        async Task OpenMenuAsync()
        {
            for (var i = 0; i < 3; i++)
                await keys.PressAsync("ArrowRight");
            await Assertions.Expect(_ada.Action("More actions")).ToBeFocusedAsync();
            await keys.PressAsync("Enter");
            await Assertions.Expect(_ada.Action("Copy")).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task On_a_phone_a_long_press_shows_the_actions_and_moves_nothing()
    {
        await OpenBothAsync();
        await _ada.SendMessageAsync("from Ada, with a rather long text that takes more than one line of a phone");
        await _zoe.SeesAsync("from Ada");
        await _zoe.SendMessageAsync("from Zoe, with a rather long text that takes more than one line of a phone as well");
        await _zoe.Message(2).WaitForAsync();
        var before = await _zoe.Message(2).BoundingBoxAsync();

        await _zoe.PressLongAsync(_zoe.Message(1));
        await _zoe.Action("Copy").WaitForAsync();
        await Assertions.Expect(_zoe.Action("Edit")).ToBeHiddenAsync();
        // A touch elsewhere hides them.
        await _zoe.Page.Touchscreen.TapAsync(180, 120);
        await Assertions.Expect(_zoe.Action("Copy")).ToBeHiddenAsync();
        await _zoe.PressLongAsync(_zoe.Message(2));
        await _zoe.Action("Edit").WaitForAsync();

        Assert.Equal((before!.X, before.Y, before.Height), await BoxAsync());
        var target = await _zoe.Action("Delete").BoundingBoxAsync();
        Assert.InRange(target!.Width, 44, 180);
        Assert.InRange(target.Height, 44, 64);
        Assert.InRange(target.X + target.Width, 0, 360);
        await _zoe.ScreenshotAsync("row-actions-dark-360");
        await AssertAxeAsync(_zoe);

        await _zoe.Action("Edit").TapAsync();
        await _zoe.ScreenshotAsync("edit-dark-360");
        await _zoe.Composer.FillAsync("short");
        await _zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).TapAsync();
        await _ada.SeesAsync("short");
        Assert.Equal(360, await _zoe.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        async Task<(float, float, float)> BoxAsync()
        {
            var box = await _zoe.Message(2).BoundingBoxAsync();
            return (box!.X, box.Y, box.Height);
        }
    }

    [Fact]
    public async Task Unread_messages_are_counted_and_marked_until_they_are_seen()
    {
        await _ada.CreateRoomAsync("Release");
        await _ada.ReadyToWriteAsync();
        var release = int.Parse(new Uri(_ada.Page.Url).Segments[^1], CultureInfo.InvariantCulture);
        await _ada.OpenRoomAsync(1);
        await _zoe.Page.GotoAsync($"rooms/{release}");
        await _zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Join to write" }).TapAsync();
        await _zoe.ReadyToWriteAsync();
        var link = _ada.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Release" });
        for (var i = 1; i <= 3; i++)
            await _zoe.SendMessageAsync($"news {i}");

        await Assertions.Expect(link).ToContainTextAsync("3 unread");
        await _ada.ScreenshotAsync("unread-light-wide");
        await link.ClickAsync();
        await _ada.SeesAsync("news 3");
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Separator, new() { Name = "New messages" })).ToBeVisibleAsync();
        Assert.Equal("1", await _ada.Page.Locator(".messages-new + article").GetAttributeAsync("data-sequence"));
        await _ada.ScreenshotAsync("divider-light-wide");
        await AssertAxeAsync(_ada);

        // The seen messages stay read on another page, also after a later message.
        await _zoe.SendMessageAsync("news 4");
        await _ada.SeesAsync("news 4");
        await _ada.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "General" }).ClickAsync();
        await _ada.Page.GetByRole(AriaRole.Heading, new() { Name = "General" }).WaitForAsync();
        await Assertions.Expect(link).Not.ToContainTextAsync("unread");
        await using (var database = new DirectDatabase(site.Node.DataFolder))
            Assert.Equal([4, 4], [.. database.Db.Memberships.Where(membership => membership.RoomId == release).Select(membership => membership.LastReadSequence)]);
        await _ada.OpenRoomAsync(release);
        await Assertions.Expect(_ada.Page.Locator(".messages-new")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Messages_that_arrive_below_the_screen_stay_unread()
    {
        await OpenBothAsync();
        for (var i = 1; i <= 60; i++)
            await _ada.SendMessageAsync($"message {i}");
        await _ada.SeesAsync("message 60");
        await _ada.Page.GetByRole(AriaRole.Log).EvaluateAsync("log => log.scrollTop = -600");

        await _zoe.SendMessageAsync("below");
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "1 new" }).WaitForAsync();
        await _ada.Page.GetByRole(AriaRole.Link, new() { Name = "All rooms" }).ClickAsync();
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = _room.Name })).ToContainTextAsync("1 unread");
    }

    [Fact]
    public async Task People_who_type_are_named_below_the_box_and_nothing_moves()
    {
        await OpenBothAsync();
        await _ada.SendMessageAsync("anybody here?");
        await _zoe.SeesAsync("anybody here?");
        var before = await _ada.Composer.BoundingBoxAsync();

        await _zoe.Composer.PressSequentiallyAsync("yes, I am");
        await _ada.Page.GetByText("Zoe is typing…").WaitForAsync();
        var after = await _ada.Composer.BoundingBoxAsync();
        await _ada.ScreenshotAsync("typing-light-wide");
        // She has just sent a message; her typing is published again after three seconds.
        await _ada.Composer.PressSequentiallyAsync("fine, thank you", new() { Delay = 300 });
        await _zoe.Page.GetByText("Ada is typing…").WaitForAsync();
        await _zoe.ScreenshotAsync("typing-dark-360");
        await _zoe.SendAsync();

        await _ada.SeesAsync("yes, I am");
        await Assertions.Expect(_ada.Page.GetByText("Zoe is typing…")).ToHaveCountAsync(0);
        Assert.Equal((before!.Y, before.Height), (after!.Y, after.Height));
    }

    private async Task OpenBothAsync()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _zoe.OpenRoomAsync(_room.Id);
    }

    private static async Task AssertAxeAsync(Person person)
    {
        var findings = await person.Page.RunAxe();
        Assert.Empty(findings.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
    }
}
