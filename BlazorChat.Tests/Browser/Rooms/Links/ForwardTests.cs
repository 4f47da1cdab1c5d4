using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms.Links;

/// <summary>A message and a reply of a private room are forwarded to another room.</summary>
public sealed class ForwardTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _private = default!;
    private Room _open = default!;
    private Member _member = default!;
    private Person _ada = default!;

    private ILocator Dialog => _ada.Page.GetByRole(AriaRole.Dialog, new() { Name = "Forward message" });

    private ILocator Search => Dialog.GetByLabel("Room or direct message").First;

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _private = await site.AddRoomAsync(RoomKind.Private, _member);
        _open = await site.AddRoomAsync(_member);
        _ada = await browser.NewPersonAsync(_member);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task A_message_is_forwarded_by_keys_and_shows_a_card()
    {
        await _ada.OpenRoomAsync(_private.Id);
        await _ada.SendMessageAsync("The plan for Friday");
        await _ada.SeesAsync("The plan");
        await _ada.Message(1).HoverAsync();
        await (await _ada.MenuActionAsync("Forward…")).ClickAsync();

        await Assertions.Expect(Search).ToBeFocusedAsync();
        await Search.FillAsync("no such room");
        await Assertions.Expect(Dialog.GetByText("No matches")).ToBeVisibleAsync();
        await Search.FillAsync(_open.Name.ToLowerInvariant());
        await Assertions.Expect(Dialog.Locator(".forward-room:not([hidden])").First).ToContainTextAsync(_open.Name);
        await Search.PressAsync("Enter");
        await Assertions.Expect(Dialog.GetByText($"People in {_open.Name} who aren't in {_private.Name} can't open this message.")).ToBeVisibleAsync();
        await Assertions.Expect(Dialog.GetByLabel("Your message")).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync("For those who are in both");
        await _ada.ScreenshotAsync("forward-light-wide");
        await _ada.AssertAccessibleAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Forward", Exact = true }).ClickAsync();

        await Assertions.Expect(_ada.Page.Locator("[data-notice]")).ToHaveTextAsync($"Forwarded to {_open.Name}");
        await _ada.OpenRoomAsync(_open.Id);
        await Assertions.Expect(_ada.Message(1)).ToContainTextAsync("For those who are in both");
        await Assertions.Expect(_ada.Message(1).Locator("a.quote")).ToContainTextAsync("The plan for Friday");
        await _ada.ScreenshotAsync("forwarded-light-wide");
    }
}
