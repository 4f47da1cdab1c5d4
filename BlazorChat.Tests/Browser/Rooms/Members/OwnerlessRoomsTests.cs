using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Members;

/// <summary>An admin assigns owners to rooms without one.</summary>
public sealed class OwnerlessRoomsTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task B4_An_admin_chooses_owners_for_rooms_by_mouse_and_by_touch()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var max = await site.JoinAsync("Max");
        var (secret, empty) = (await site.AddRoomAsync(RoomKind.Private, zoe, max), await site.AddRoomAsync(RoomKind.Private, zoe));
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            await database.Db.Memberships.Where(m => m.RoomId == secret.Id).ExecuteUpdateAsync(m => m.SetProperty(x => x.Role, MembershipRole.Member));
            await database.Db.Memberships.Where(m => m.RoomId == empty.Id).ExecuteDeleteAsync();
        }

        await using var ada = await browser.NewPersonAsync(site.Ada);
        await ada.Page.GotoAsync("");
        await ada.Page.Locator(".room-list[data-ready]").WaitForAsync();
        Assert.DoesNotContain(secret.Name, await ada.Page.Locator(".room-list").InnerTextAsync(), StringComparison.Ordinal);
        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "Rooms without an owner" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Rooms without an owner" }).WaitForAsync();
        await ada.ScreenshotAsync("ownerless-light-wide");
        await ada.AssertAccessibleAsync();

        await ada.Page.GetByRole(AriaRole.Button, new() { Name = $"Choose an owner for {secret.Name}" }).ClickAsync();
        var dialog = ada.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByLabel("Name", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Make owner" })).ToBeDisabledAsync();
        await ada.Page.Keyboard.TypeAsync("ma");
        await ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Radio)).ToHaveCountAsync(1);
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "Max" }).CheckAsync();
        await ada.ScreenshotAsync("ownerless-choice-light-wide");
        await ada.AssertAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make owner" }).ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(ada.Page.GetByText(secret.Name)).ToHaveCountAsync(0);

        await using var phone = await browser.NewPersonAsync(site.Ada, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        await phone.Page.GotoAsync("");
        await Assertions.Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "All rooms" })).ToBeVisibleAsync();
        Assert.Equal(360, await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await phone.ScreenshotAsync("rooms-admin-dark-360");
        await phone.Page.GotoAsync("rooms/without-owner");
        await phone.ScreenshotAsync("ownerless-dark-360");
        Assert.Equal(360, await phone.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = $"Choose an owner for {empty.Name}" }).TapAsync();
        await phone.Page.GetByText("No members to choose from").WaitForAsync();
        await phone.ScreenshotAsync("ownerless-choice-dark-360");
        await phone.AssertAccessibleAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Become owner" }).TapAsync();
        await Assertions.Expect(phone.Page.GetByText("Every room has an owner.")).ToBeVisibleAsync();

        await using var owners = new DirectDatabase(site.Node.DataFolder);
        Assert.Equal(
            [(secret.Id, max.Id), (empty.Id, site.Ada.Id)],
            (await owners.Db.Memberships.Where(m => m.Role == MembershipRole.Owner && (m.RoomId == secret.Id || m.RoomId == empty.Id)).OrderBy(m => m.RoomId).ToListAsync())
                .Select(m => (m.RoomId, m.UserId)));
    }
}
