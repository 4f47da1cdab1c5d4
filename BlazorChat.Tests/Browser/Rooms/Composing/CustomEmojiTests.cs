using System.Net;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Composing;

/// <summary>Custom emoji: the page of admins, messages, reactions, the picker and the completion.</summary>
public sealed class CustomEmojiTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task An_admin_adds_an_emoji_which_is_used_in_messages_and_reactions_and_is_its_name_again_when_it_is_deleted()
    {
        using var minsuMember = await site.JoinAsync("김민수");
        var room = await site.AddRoomAsync(site.Ada, minsuMember);
        await using var ada = await browser.NewPersonAsync(site.Ada);
        await using var minsu = await browser.NewPersonAsync(minsuMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);

        await ada.Page.GotoAsync("account/manage");
        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "Admin", Exact = true }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "Emoji", Exact = true }).ClickAsync();
        await ada.Page.GetByLabel("Name").FillAsync("Ship it");
        await ChooseAsync(ada, TestPictures.Png(96, 96));
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add emoji" }).ClickAsync();
        await ada.Page.GetByText("A name has 2 to 32 characters").WaitForAsync();
        await ada.Page.GetByLabel("Name").FillAsync("ship-it");
        await ChooseAsync(ada, TestPictures.Png(96, 96));
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add emoji" }).ClickAsync();
        await ada.Page.GetByText(":ship-it:", new() { Exact = true }).WaitForAsync();
        await ada.ScreenshotAsync("custom-emoji-page");
        await ada.AssertAccessibleAsync();

        // In a text, and large where it is alone; not in code.
        await ada.OpenRoomAsync(room.Id);
        await minsu.OpenRoomAsync(room.Id);
        await ada.SendMessageAsync("We :ship-it: at 10:30:45, a:ship-it: `:ship-it:`");
        await ada.SendMessageAsync(":ship-it:");
        foreach (var person in new[] { ada, minsu })
        {
            await Assertions.Expect(person.Message(1).Locator(".message-text img[alt=':ship-it:']")).ToHaveCountAsync(1);
            await Assertions.Expect(person.Message(1).Locator("code")).ToHaveTextAsync(":ship-it:");
            await Assertions.Expect(person.Message(2).Locator(".message-emoji img")).ToHaveCountAsync(1);
            Assert.True(await person.Message(2).Locator("img.emoji").EvaluateAsync<bool>("picture => picture.decode().then(() => picture.naturalWidth > 0)"));
        }

        // Large beside emoji of Unicode too; a text when its colon is escaped.
        await ada.SendMessageAsync("🎉 :ship-it: ❤️");
        await ada.SendMessageAsync("1 :ship-it: ©");
        await ada.SendMessageAsync(@"\:ship-it:");
        await Assertions.Expect(ada.Message(3).Locator(".message-emoji img")).ToHaveCountAsync(1);
        await Assertions.Expect(ada.Message(4).Locator(".message-text img")).ToHaveCountAsync(1);
        await Assertions.Expect(ada.Message(4).Locator(".message-emoji")).ToHaveCountAsync(0);
        await Assertions.Expect(ada.Message(5).Locator(".message-text")).ToHaveTextAsync(":ship-it:");
        await Assertions.Expect(ada.Message(5).Locator("img.emoji")).ToHaveCountAsync(0);
        Assert.Equal(":ship-it:", await ada.Message(5).Locator(".message-text").EvaluateAsync<string>("text => text.innerText.trim()"));

        // By the picker, as a reaction.
        await ada.Message(1).HoverAsync();
        await ada.Action("Add reaction").ClickAsync();
        await ada.Page.Locator(".emoji-picker[data-ready]").WaitForAsync();
        await ada.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search emoji" }).FillAsync("ship");
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Group, new() { Name = "Custom" }).GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await ada.ScreenshotAsync("custom-emoji-picker");
        await ada.Page.GetByRole(AriaRole.Option, new() { Name = "ship-it", Exact = true }).ClickAsync();
        var chip = minsu.Message(1).Locator(".reaction[data-reaction=':ship-it:']");
        await Assertions.Expect(chip.Locator("img[alt=':ship-it:']")).ToHaveCountAsync(1);
        await chip.TapAsync();
        await Assertions.Expect(ada.Message(1).Locator(".reaction[data-reaction=':ship-it:'] span")).ToHaveTextAsync("2");
        await minsu.ScreenshotAsync("custom-emoji-dark-360");
        await minsu.AssertAccessibleAsync();
        Assert.Equal(360, await minsu.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        // By its name in the composer; what is copied has the name.
        await ada.Composer.FillAsync("");
        await ada.Composer.PressSequentiallyAsync("now :ship");
        await ada.Page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" }).GetByRole(AriaRole.Option).Filter(new() { HasText = "ship-it" }).ClickAsync();
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("now :ship-it: ");
        await ada.Composer.FillAsync("");
        await ada.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ada.Message(1).HoverAsync();
        await (await ada.MenuActionAsync("Copy")).ClickAsync();
        await ada.Page.GetByText("Copied").First.WaitForAsync();
        Assert.Equal("We :ship-it: at 10:30:45, a:ship-it: :ship-it:", await ada.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));

        await ada.Page.GotoAsync("admin/emoji");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Delete :ship-it:" }).ClickAsync();
        await ada.Page.GetByText("Delete :ship-it:? ").WaitForAsync();
        await ada.AssertAccessibleAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).First.ClickAsync();
        await Assertions.Expect(ada.Page.GetByText(":ship-it:", new() { Exact = true })).ToHaveCountAsync(0);
        await ada.OpenRoomAsync(room.Id);
        await Assertions.Expect(ada.Message(2).Locator(".message-text")).ToHaveTextAsync(":ship-it:");
        await Assertions.Expect(ada.Message(1).Locator(".reaction")).ToHaveTextAsync(":ship-it: 2");
    }

    [Fact]
    public async Task Only_who_is_signed_in_gets_the_list_and_the_pictures_which_browsers_keep()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var anonymous = new FormClient(site.Node.Address);
        using var forbidden = await zoe.GetAsync("admin/emoji");
        Assert.NotEqual(HttpStatusCode.OK, forbidden.StatusCode);
        foreach (var address in new[] { "emoji", $"emoji/{Guid.NewGuid()}" })
        {
            using var refused = await anonymous.GetAsync(address);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        await using var ada = await browser.NewPersonAsync(site.Ada);
        await ada.Page.GotoAsync("admin/emoji");
        await ada.Page.GetByLabel("Name").FillAsync("kept");
        await ChooseAsync(ada, TestPictures.MovingGif(32, 32, 2));
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add emoji" }).ClickAsync();
        var source = await ada.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = ":kept:" }).Locator("img").GetAttributeAsync("src");
        using var list = await zoe.GetAsync("emoji");
        Assert.Contains($$"""{"name":"kept","address":"{{source}}"}""", await list.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var picture = await zoe.GetAsync(source!);
        Assert.Equal((HttpStatusCode.OK, "image/gif"), (picture.StatusCode, picture.Content.Headers.ContentType!.MediaType));
        Assert.Equal((true, TimeSpan.FromDays(365)), (picture.Headers.CacheControl!.Private, picture.Headers.CacheControl.MaxAge));
        using var missing = await zoe.GetAsync($"emoji/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static Task ChooseAsync(Person person, byte[] picture) =>
        person.Page.GetByLabel("Picture").SetInputFilesAsync(new FilePayload { Name = "emoji.png", MimeType = "image/png", Buffer = picture });
}
