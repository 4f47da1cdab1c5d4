using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Members;

public sealed class MembersTests(BrowserFixture browser)
{
    [Fact]
    public async Task Without_Redis_an_open_page_ends_when_its_user_is_removed_on_another_node()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await HostedNode.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var two = await HostedNode.StartAsync(one.DataFolder, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var ada = await browser.NewPersonAsync(one.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(two.Address, "Zoe");
        var invitation = await ada.SetUpSiteAsync();
        await zoe.JoinByInvitationAsync(invitation.Replace(one.Address.ToString(), two.Address.ToString(), StringComparison.Ordinal));
        await ada.CreateRoomAsync("Secret", isPrivate: true);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Add people").FillAsync("zoe@example.org");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add Zoe" }).ClickAsync();
        await zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Secret" }).First.ClickAsync();
        await zoe.ReadyToWriteAsync();
        await redis.KillAsync();

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove Zoe" }).ClickAsync();

        await zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "Room not available" }).WaitForAsync();
    }

    [Fact]
    public async Task A_private_room_appears_for_an_added_person_and_disappears_for_a_removed_one()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(node.Address, "Zoe", width: 360, height: 740, scheme: ColorScheme.Dark);
        await zoe.JoinByInvitationAsync(await ada.SetUpSiteAsync());
        await zoe.Page.GotoAsync("");
        await zoe.Page.Locator(".room-list[data-ready]").WaitForAsync();
        await ada.CreateRoomAsync("Secret", isPrivate: true);
        await ada.ReadyToWriteAsync();
        await ada.SendMessageAsync("For our eyes only");
        await Assertions.Expect(zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Secret" })).ToHaveCountAsync(0);

        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Add people").FillAsync("zo");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add Zoe" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove Zoe" }).WaitForAsync();
        await Assertions.Expect(dialog.GetByLabel("Add people")).ToBeFocusedAsync();
        await ada.ScreenshotAsync("members");
        Assert.DoesNotContain((await ada.Page.RunAxe()).Violations, violation => violation.Impact is "serious" or "critical");

        await zoe.Page.GetByRole(AriaRole.Link, new() { Name = "Secret" }).First.ClickAsync();
        await zoe.SeesAsync("For our eyes only");
        await zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Members" }).ClickAsync();
        await zoe.Page.GetByRole(AriaRole.Dialog).GetByText("owner").WaitForAsync();
        // The two names, which open profiles, and Done.
        await Assertions.Expect(zoe.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button)).ToHaveCountAsync(3);
        await zoe.ScreenshotAsync("members-phone-dark");
        await zoe.Page.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Remove Zoe" }).ClickAsync();

        await zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "Room not available" }).WaitForAsync();
        await zoe.Page.GetByText("You no longer have access to this room.").WaitForAsync();
        Assert.DoesNotContain("For our eyes only", await zoe.Page.ContentAsync(), StringComparison.Ordinal);
        await Assertions.Expect(dialog.GetByRole(AriaRole.List, new() { Name = "Members" })).ToBeFocusedAsync();
        await ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
    }
}
