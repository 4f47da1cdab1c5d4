using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Members;

/// <summary>Direct messages of people on two nodes.</summary>
public sealed class DirectTests(BrowserFixture browser)
{
    [Fact]
    public async Task Two_people_on_two_nodes_write_to_each_other()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await HostedNode.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var two = await HostedNode.StartAsync(one.DataFolder, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var ada = await browser.NewPersonAsync(one.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(two.Address, "Zoe", width: 390, height: 844, scheme: ColorScheme.Dark, isTouch: true);
        var invitation = await ada.SetUpSiteAsync();
        await zoe.JoinByInvitationAsync(invitation.Replace(one.Address.ToString(), two.Address.ToString(), StringComparison.Ordinal));
        await zoe.ReadyToWriteAsync();
        await ada.OpenRoomAsync(1);

        await ChooseAsync(ada, "zo", "Zoe");
        await ada.ScreenshotAsync("new-message");
        await ada.AssertAccessibleAsync();
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Zoe" }).WaitForAsync();
        await ada.ReadyToWriteAsync();
        await Assertions.Expect(ada.Composer).ToHaveAttributeAsync("placeholder", "Message Zoe");
        var toAda = zoe.Page.Locator("#drawer").GetByRole(AriaRole.Link, new() { Name = "Ada" }).First;
        await Assertions.Expect(toAda).ToHaveCountAsync(0);
        await ada.SendMessageAsync("Only for you");

        await zoe.Page.Locator(".shell-menu").TapAsync();
        await Assertions.Expect(toAda).ToContainTextAsync("1");
        await zoe.ScreenshotAsync("direct-drawer-phone-dark");
        await toAda.TapAsync();
        await zoe.SeesAsync("Only for you");
        await zoe.ReadyToWriteAsync();
        await zoe.SendMessageAsync("And for you");
        await zoe.ScreenshotAsync("direct-phone-dark");
        await zoe.AssertAccessibleAsync();

        await ada.SeesAsync("And for you");
        await Assertions.Expect(ada.Page.Locator("#drawer").GetByRole(AriaRole.Link, new() { Name = "Zoe" })).ToHaveAttributeAsync("aria-current", "page");
        await Assertions.Expect(ada.Page.Locator("#drawer").GetByRole(AriaRole.Link, new() { Name = "Zoe" }).GetByRole(AriaRole.Img, new() { Name = "Online" })).ToBeVisibleAsync();
        await ada.ScreenshotAsync("direct");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Img, new() { Name = "Online" })).ToHaveCountAsync(2);
        await ada.ScreenshotAsync("members-online");
        await ada.AssertAccessibleAsync();
    }

    [Fact]
    public async Task People_who_open_the_same_messages_at_once_are_in_one_room()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await HostedNode.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var two = await HostedNode.StartAsync(one.DataFolder, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var ada = await browser.NewPersonAsync(one.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(two.Address, "Zoe");
        var invitation = await ada.SetUpSiteAsync();
        await zoe.JoinByInvitationAsync(invitation.Replace(one.Address.ToString(), two.Address.ToString(), StringComparison.Ordinal));
        await ada.Page.GotoAsync("direct/2");
        await zoe.Page.GotoAsync("direct/1");
        var (toZoe, toAda) = (WriteButton(ada), WriteButton(zoe));
        await Assertions.Expect(toZoe).ToBeEnabledAsync();
        await Assertions.Expect(toAda).ToBeEnabledAsync();
        await ada.ScreenshotAsync("direct-empty");

        await Task.WhenAll(toZoe.ClickAsync(), toAda.ClickAsync());
        await ada.ReadyToWriteAsync();
        await zoe.ReadyToWriteAsync();
        await Task.WhenAll(ada.SendMessageAsync("From Ada"), zoe.SendMessageAsync("From Zoe"));

        await ada.SeesAsync("From Zoe");
        await zoe.SeesAsync("From Ada");
        Assert.Equal(new Uri(ada.Page.Url).AbsolutePath, new Uri(zoe.Page.Url).AbsolutePath);
        // The address leads to the room from now on.
        await ada.Page.GotoAsync("direct/2");
        await ada.SeesAsync("From Zoe");
        Assert.Equal(new Uri(zoe.Page.Url).AbsolutePath, new Uri(ada.Page.Url).AbsolutePath);
    }

    private static ILocator WriteButton(Person person) => person.Page.GetByRole(AriaRole.Button, new() { Name = "Write a message" });

    private static async Task ChooseAsync(Person person, string text, string name)
    {
        await person.Page.GetByRole(AriaRole.Button, new() { Name = "New message" }).ClickAsync();
        var dialog = person.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(text);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = name }).CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Remove {name}" }).WaitForAsync();
    }
}
