using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Reactions by the toolbar, the picker and the keyboard, on a computer and on a phone.</summary>
public sealed class ReactionTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    private static readonly string[] Outage = ["WebSocket", "ERR_", "Connection", "Failed to", "circuit", "Cannot send data", "503", "502", "connection"];

    [Fact]
    public async Task Reactions_are_chosen_by_the_mouse_a_finger_and_the_keyboard()
    {
        using var adaMember = await site.JoinAsync("Ada");
        using var minsuMember = await site.JoinAsync("김민수");
        var room = await site.AddRoomAsync(adaMember, minsuMember);
        await using var ada = await browser.NewPersonAsync(adaMember);
        await using var minsu = await browser.NewPersonAsync(minsuMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await ada.OpenRoomAsync(room.Id);
        await minsu.OpenRoomAsync(room.Id);
        await ada.SendMessageAsync("We ship today");
        await minsu.SeesAsync("We ship today");

        // By the toolbar: one's own is marked, on one's own page only.
        await ada.Message(1).HoverAsync();
        await ada.Action("React with 👍").ClickAsync();
        await ExpectAsync(ada, "👍", "1", isOwn: true);
        await ExpectAsync(minsu, "👍", "1", isOwn: false);
        await ReactionOf(minsu, "👍").TapAsync();
        await ExpectAsync(minsu, "👍", "2", isOwn: true);
        await ExpectAsync(ada, "👍", "2", isOwn: true);
        await Assertions.Expect(ReactionOf(ada, "👍")).ToHaveAttributeAsync("title", "Ada, 김민수 reacted with 👍");

        // By the keyboard, with a Korean word.
        var keys = ada.Page.Keyboard;
        await ada.Page.GetByRole(AriaRole.Log).FocusAsync();
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("+");
        var picker = ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Choose an emoji" });
        await ada.Page.Locator(".emoji-picker[data-ready]").WaitForAsync();
        await Assertions.Expect(picker.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await ada.ScreenshotAsync("emoji-picker-light-wide");
        await keys.TypeAsync("파티");
        await Assertions.Expect(picker.GetByRole(AriaRole.Option, new() { Selected = true })).ToHaveTextAsync("🎉");
        // All emoji would take axe half a minute.
        await ada.AssertAccessibleAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(picker).ToBeHiddenAsync();
        await Assertions.Expect(ada.Message(1)).ToBeFocusedAsync();
        await ExpectAsync(minsu, "🎉", "1", isOwn: false);

        // The row is another element now, and its reactions are reached by the arrow keys.
        await keys.PressAsync("ArrowRight");
        await Assertions.Expect(ReactionOf(ada, "👍")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await ExpectAsync(ada, "👍", "1", isOwn: false);
        await ExpectAsync(minsu, "👍", "1", isOwn: true);

        // In the composer, a short name is completed.
        await ada.Composer.FillAsync("");
        await ada.Composer.PressSequentiallyAsync("at 10:30 :party_po");
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" }).GetByRole(AriaRole.Option).First).ToHaveTextAsync("🎉 party popper");
        await keys.PressAsync("Enter");
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("at 10:30 🎉 ");
        await ada.Composer.FillAsync("");

        // On a phone: skin tones, and what was chosen before.
        await minsu.PressLongAsync(minsu.Message(1).Locator(".message-text"));
        await minsu.ScreenshotAsync("reactions-dark-360");
        await minsu.Action("Add reaction").TapAsync();
        await minsu.Page.Locator(".emoji-picker[data-ready]").WaitForAsync();
        await minsu.Page.GetByRole(AriaRole.Radio, new() { Name = "Medium skin tone" }).TapAsync();
        await minsu.ScreenshotAsync("emoji-picker-dark-360");
        Assert.Equal(360, await minsu.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await minsu.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search emoji" }).FillAsync("clapping");
        await minsu.AssertAccessibleAsync();
        await minsu.Page.GetByRole(AriaRole.Option, new() { Name = "clapping hands" }).TapAsync();
        await ExpectAsync(ada, "👏🏽", "1", isOwn: false);
        await minsu.PressLongAsync(minsu.Message(1).Locator(".message-text"));
        await minsu.Action("Add reaction").TapAsync();
        await Assertions.Expect(minsu.Page.GetByRole(AriaRole.Group, new() { Name = "Recent" }).GetByRole(AriaRole.Option)).ToHaveTextAsync(["👏🏽"]);

        await ada.ScreenshotAsync("reactions-light-wide");
        await ada.AssertAccessibleAsync();
    }

    [Fact]
    public async Task What_is_chosen_without_a_connection_arrives_once_and_a_refused_reaction_is_removed()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        await ada.SendMessageAsync("hello");
        await ada.SeesAsync("hello");
        await ada.Message(1).HoverAsync();
        await ada.Action("React with 🎉").WaitForAsync();

        await node.KillAsync();
        await ada.Action("React with 🎉").ClickAsync();
        await ExpectAsync(ada, "🎉", "1", isOwn: true);
        foreach (var action in new[] { "Pin", "Save for later" })
        {
            await ada.Message(1).HoverAsync();
            await (await ada.MenuActionAsync(action)).ClickAsync();
        }

        await ada.Page.GetByText("It is done when you're connected again.").WaitForAsync();
        await node.StartAgainAsync();

        // The row has the reaction itself when the server has stored it.
        await Assertions.Expect(ada.Message(1).Locator(".reaction[data-count='1'][data-people]")).ToHaveCountAsync(1);
        await ExpectAsync(ada, "🎉", "1", isOwn: true);
        await Assertions.Expect(ada.Message(1).Locator(".message-pin")).ToHaveTextAsync("Pinned");
        await ada.Page.WaitForFunctionAsync("!Object.keys(localStorage).some(key => /^(reaction|pin|save)\\//.test(key))");
        await using (var database = new DirectDatabase(node.DataFolder))
        {
            Assert.Equal("🎉", (await database.Db.Reactions.SingleAsync()).Emoji);
            Assert.Equal((1, 1), (await database.Db.Pins.CountAsync(), await database.Db.SavedMessages.CountAsync()));
            await database.Db.Rooms.ExecuteUpdateAsync(room => room.SetProperty(r => r.ArchivedAt, DateTime.UnixEpoch));
        }

        await ada.Message(1).HoverAsync();
        await ada.Action("React with 👍").ClickAsync();
        await ada.Page.GetByText("Nobody can write in it").First.WaitForAsync();
        await Assertions.Expect(ReactionOf(ada, "👍")).ToBeHiddenAsync();
    }

    private static ILocator ReactionOf(Person person, string emoji) => person.Message(1).Locator($".reaction[data-reaction='{emoji}']");

    private static async Task ExpectAsync(Person person, string emoji, string count, bool isOwn)
    {
        await Assertions.Expect(ReactionOf(person, emoji).Locator("span")).ToHaveTextAsync(count);
        await Assertions.Expect(ReactionOf(person, emoji)).ToHaveAttributeAsync("aria-pressed", isOwn ? "true" : "false");
    }
}
