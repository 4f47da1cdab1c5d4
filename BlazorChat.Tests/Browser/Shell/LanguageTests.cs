using BlazorChat.Accounts.Preferences;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Tests.Browser.Liveblogs;
using BlazorChat.Tests.Browser.Rooms.Composing;
using BlazorChat.Tests.Common.Localization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Shell;

public sealed class LanguageTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    [Fact]
    public async Task An_English_and_a_Korean_reader_of_a_room_see_their_own_words()
    {
        var room = await site.Database.Rooms.CreateAsync(site.Admin, "Words", RoomKind.Open, default);
        await using var ada = await site.SignInAsync(browser, "Ada", locale: "en-GB");
        await using var zoe = await site.SignInAsync(browser, "Zoe", locale: "ko-KR");
        await ada.OpenRoomAsync(room.Id);
        await zoe.Page.GotoAsync($"rooms/{room.Id}");
        await zoe.Page.GetByRole(AriaRole.Button, new() { Name = "참여하고 쓰기" }).ClickAsync();
        await zoe.ReadyToWriteAsync();

        // Rows that are rendered for both, first by the circuit of one and then by that of the other, and changed by either.
        await ada.SendMessageAsync("one");
        await zoe.SeesAsync("one");
        await zoe.SendMessageAsync("two");
        await ada.SeesAsync("two");
        await ada.Page.Keyboard.PressAsync("ArrowUp");
        await ada.Composer.FillAsync("three");
        await ada.SendAsync();

        await Expect(ada.Message(1)).ToContainTextAsync("edited");
        await Expect(zoe.Message(1)).ToContainTextAsync("수정됨");
        await Expect(zoe.Message(1).Locator(".message-admin")).ToHaveTextAsync("관리자");
        await Expect(ada.Message(1).Locator(".message-admin")).ToHaveTextAsync("Admin");
        // The list of rooms of one is rendered again because of what the other does.
        await ada.Page.GotoAsync("unread");
        await Expect(zoe.Page.GetByRole(AriaRole.Navigation, new() { Name = "방" }).GetByRole(AriaRole.Heading, new() { Name = "방" })).ToBeVisibleAsync();
        await zoe.SendMessageAsync("four");
        await Expect(ada.Page.Locator(".room-nav")).ToContainTextAsync("1 unread");
    }

    [Fact]
    public async Task An_English_and_a_Korean_reader_of_a_liveblog_get_new_posts_in_their_own_words()
    {
        var liveblog = await site.StartLiveblogAsync("words", "Words");
        await using var max = await browser.NewPersonAsync(site.Node.Address, "Max", locale: "en-US");
        await using var mia = await browser.NewPersonAsync(site.Node.Address, "Mia", locale: "ko-KR");
        // Playwright's locale is not that of shared workers, which have the stream.
        await mia.Page.Context.AddCookiesAsync([new() { Name = RequestLanguage.CookieName, Value = "ko", Url = site.Node.Address.ToString() }]);
        await max.ReadLiveblogAsync("words");
        await mia.ReadLiveblogAsync("words");

        var post = await site.PostAsync(liveblog, "news");
        await site.Database.EditPostAsync(site.Admin, liveblog, post.Id, "more news");

        await Expect(max.Post("more news")).ToContainTextAsync("edited");
        await Expect(mia.Post("more news")).ToContainTextAsync("수정");
        await Expect(mia.Page.Locator("html")).ToHaveAttributeAsync("lang", "ko");
    }

    [Fact]
    public async Task Scripts_choose_particles_as_the_server_does()
    {
        await using var page = new ScriptPage(browser);
        await page.InitializeAsync();
        foreach (var (text, word, result) in KoreanParticlesTests.Cases.Select(row => row.Data))
            Assert.Equal(result, $"{await page.CallAsync("js/shared/texts.js", "text", text, word)}");
    }
}
