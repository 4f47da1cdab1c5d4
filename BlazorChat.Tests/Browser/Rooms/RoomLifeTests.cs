using System.Text;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>The life of a room, from its topic to its end, on the screens of its owner and of a member at a phone.</summary>
public sealed class RoomLifeTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Person _ada = default!;
    private Person _zoe = default!;
    private Person _max = default!;

    private ILocator Dialog => _ada.Page.GetByRole(AriaRole.Dialog);

    public async ValueTask InitializeAsync()
    {
        using var ada = await site.JoinAsync("Ada");
        using var zoe = await site.JoinAsync("Zoe");
        using var max = await site.JoinAsync("Max");
        _room = await site.AddRoomAsync(ada, zoe);
        _ada = await browser.NewPersonAsync(ada);
        _zoe = await browser.NewPersonAsync(zoe, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        _max = await browser.NewPersonAsync(max);
        await _ada.OpenRoomAsync(_room.Id);
        await _zoe.OpenRoomAsync(_room.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _max.DisposeAsync();
        await _zoe.DisposeAsync();
        await _ada.DisposeAsync();
    }

    [Fact]
    public async Task A_room_gets_a_topic_is_archived_unarchived_made_private_and_deleted_and_no_text_is_lost()
    {
        await OpenSettingsAsync();
        await Dialog.GetByLabel("Topic").FillAsync("Lift-off at noon, if the weather is good enough for it on the other side");
        await Dialog.GetByLabel("Description").FillAsync("All about the launch");
        await _ada.ScreenshotAsync("room-settings-light-wide");
        await _ada.AssertAccessibleAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await _zoe.Page.GetByText("Lift-off at noon").WaitForAsync();
        await _ada.Page.Locator(".room-topic").WaitForAsync();
        Assert.Equal(360, await _zoe.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await _zoe.ScreenshotAsync("room-topic-dark-360");
        await _ada.ScreenshotAsync("room-topic-light-wide");

        await _ada.AttachAsync(new FilePayload { Name = "plan.txt", MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes("the plan") });
        await _ada.SendMessageAsync("The plan");
        await _zoe.SeesAsync("The plan");
        var file = await _ada.Page.GetByRole(AriaRole.Log).GetByRole(AriaRole.Link, new() { Name = "plan.txt" }).GetAttributeAsync("href");
        Assert.Equal(200, (await _zoe.Page.APIRequest.GetAsync(file!)).Status);

        // What was typed stays on the screen and returns to the box.
        await _zoe.Composer.FillAsync("half a sentence");
        await OpenSettingsAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Archive room" }).ClickAsync();
        await _zoe.Page.GetByText("This room is archived.").WaitForAsync();
        var unsent = _zoe.Page.GetByRole(AriaRole.Region, new() { Name = "Not sent" });
        await Assertions.Expect(unsent.GetByText("half a sentence")).ToBeVisibleAsync();
        await Assertions.Expect(_zoe.Composer).ToHaveCountAsync(0);
        await _zoe.ScreenshotAsync("room-archived-dark-360");
        await _zoe.AssertAccessibleAsync();
        await _ada.ScreenshotAsync("room-archived-light-wide");
        await _zoe.Page.ReloadAsync();
        await Assertions.Expect(unsent.GetByText("half a sentence")).ToBeVisibleAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Unarchive" }).ClickAsync();
        await _zoe.ReadyToWriteAsync();
        await Assertions.Expect(_zoe.Composer).ToHaveValueAsync("half a sentence");
        await _zoe.SendAsync();
        await _ada.SeesAsync("half a sentence");

        // A guest loses the room when it becomes private; the member stays.
        await _max.Page.GotoAsync($"rooms/{_room.Id}");
        await _max.SeesAsync("half a sentence");
        await OpenSettingsAsync();
        await Dialog.GetByRole(AriaRole.Checkbox, new() { Name = "Private" }).CheckAsync();
        await Dialog.GetByText("People who aren't members will lose access").WaitForAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await _max.Page.GetByRole(AriaRole.Heading, new() { Name = "Room not available" }).WaitForAsync();
        await _ada.SendMessageAsync("Among ourselves");
        await _zoe.SeesAsync("Among ourselves");

        await _zoe.Composer.FillAsync("too late");
        await OpenSettingsAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete room…" }).ClickAsync();
        var question = Dialog.Filter(new() { HasText = $"Delete {_room.Name}?" });
        await question.GetByText("You can't undo it").WaitForAsync();
        await _ada.ScreenshotAsync("room-delete-light-wide");
        await question.GetByRole(AriaRole.Button, new() { Name = "Delete room", Exact = true }).ClickAsync();

        await _ada.Page.GetByRole(AriaRole.Heading, new() { Name = "All rooms" }).WaitForAsync();
        await _zoe.Page.GetByRole(AriaRole.Heading, new() { Name = "This room was deleted" }).WaitForAsync();
        await Assertions.Expect(unsent.GetByText("too late")).ToBeVisibleAsync();
        await _zoe.ScreenshotAsync("room-deleted-dark-360");
        await _zoe.AssertAccessibleAsync();
        await Assertions.Expect(_zoe.Page.GetByText("Among ourselves")).ToHaveCountAsync(0);
        Assert.Equal(404, (await _ada.Page.APIRequest.GetAsync(file!)).Status);
        Assert.Equal(404, (await _zoe.Page.APIRequest.GetAsync(file!)).Status);
        await unsent.GetByRole(AriaRole.Button, new() { Name = "Discard" }).TapAsync();
        await Assertions.Expect(unsent).ToBeHiddenAsync();
        await site.Node.WaitForLogAsync($"Deleted room {_room.Id} is removed");
        await using var database = new DirectDatabase(site.Node.DataFolder);
        Assert.False(await database.Db.Messages.AnyAsync(message => message.RoomId == _room.Id));
        Assert.False(await database.Db.Attachments.AnyAsync());
    }

    [Fact]
    public async Task A_message_that_is_sent_to_a_room_that_was_just_archived_returns_to_the_draft()
    {
        // The event to the page is lost.
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            await database.Db.Rooms.Where(room => room.Id == _room.Id).ExecuteUpdateAsync(
                room => room.SetProperty(r => r.ArchivedAt, DateTime.UnixEpoch).SetProperty(r => r.Version, 1));
        }

        await _zoe.SendMessageAsync("too late");

        await _zoe.Page.GetByText("This room is archived. Nobody can write in it.").WaitForAsync();
        await Assertions.Expect(_zoe.Composer).ToHaveValueAsync("too late");
        await _zoe.Page.ReloadAsync();
        await _zoe.Page.GetByText("You can read it, but nobody can write in it.").WaitForAsync();
        await Assertions.Expect(_zoe.Page.GetByRole(AriaRole.Region, new() { Name = "Not sent" }).GetByText("too late")).ToBeVisibleAsync();
    }

    private async Task OpenSettingsAsync()
    {
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Room menu" }).ClickAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Room settings" }).ClickAsync();
        await Dialog.GetByLabel("Topic").WaitForAsync();
        // A dialog that has just opened takes the focus, and with it what is typed.
        await Dialog.Locator("input:focus").WaitForAsync();
    }
}
