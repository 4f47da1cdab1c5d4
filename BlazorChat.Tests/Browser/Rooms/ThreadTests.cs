using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>Threads: beside the room on a computer, and a page of their own on a phone.</summary>
public sealed class ThreadTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _adaMember = default!;
    private Member _minsuMember = default!;
    private Person _ada = default!;
    private Person _minsu = default!;

    public async ValueTask InitializeAsync()
    {
        _adaMember = await site.JoinAsync("Ada");
        _minsuMember = await site.JoinAsync("김민수");
        _room = await site.AddRoomAsync(_adaMember, _minsuMember);
        _ada = await browser.NewPersonAsync(_adaMember);
        _minsu = await browser.NewPersonAsync(_minsuMember, width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _minsu.DisposeAsync();
        await _ada.DisposeAsync();
        _adaMember.Dispose();
        _minsuMember.Dispose();
    }

    [Fact]
    public async Task A_thread_is_written_beside_the_room_and_read_on_a_phone()
    {
        await _ada.OpenRoomAsync(_room.Id);
        await _minsu.OpenRoomAsync(_room.Id);
        await _ada.SendMessageAsync("Which day suits you for the release?");
        await _ada.SeesAsync("Which day");

        // A thread opens beside the room, and the keyboard writes in it.
        await _ada.Message(1).HoverAsync();
        await _ada.Action("Reply in thread").First.ClickAsync();
        await Assertions.Expect(_ada.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"rooms/{_room.Id}/1$"));
        await ThreadOf(_ada).Locator(".composer[data-ready]").WaitForAsync();
        await Assertions.Expect(BoxOf(_ada)).ToBeFocusedAsync();
        await _ada.Page.Keyboard.TypeAsync("Friday");
        await _ada.Page.Keyboard.PressAsync("Enter");
        await ReplyOf(_ada, 1).WaitForAsync();
        await Assertions.Expect(_ada.Message(1).Locator(".message-replies")).ToHaveTextAsync("1 reply");

        // The phone has the line of the thread, and a page of its own behind it.
        await Assertions.Expect(_minsu.Message(1).Locator(".message-replies")).ToHaveTextAsync("1 reply");
        await _minsu.ScreenshotAsync("thread-line-dark-360");
        await _minsu.Message(1).Locator(".message-thread").TapAsync();
        await ThreadOf(_minsu).Locator(".composer[data-ready]").WaitForAsync();
        await Assertions.Expect(_minsu.Message(1)).ToBeHiddenAsync();
        await BoxOf(_minsu).FillAsync("금요일 좋아요");
        await ThreadOf(_minsu).Locator("[data-send]").TapAsync();
        await Assertions.Expect(ReplyOf(_ada, 2)).ToContainTextAsync("금요일 좋아요");
        await BoxOf(_minsu).FillAsync("Friday it is");
        await ThreadOf(_minsu).GetByLabel("Also send to the room").CheckAsync();
        await ThreadOf(_minsu).Locator("[data-send]").TapAsync();
        await Assertions.Expect(ReplyOf(_minsu, 3)).ToContainTextAsync("Friday it is");
        await Assertions.Expect(ThreadOf(_minsu).GetByLabel("Also send to the room")).Not.ToBeCheckedAsync();
        await _minsu.ScreenshotAsync("thread-dark-360");
        await _minsu.AssertAccessibleAsync();

        // The room shows that reply too, which leads back to the thread.
        await Assertions.Expect(_ada.Message(2)).ToContainTextAsync("Friday it is");
        await Assertions.Expect(_ada.Message(1).Locator(".message-replies")).ToHaveTextAsync("3 replies");
        await _ada.ScreenshotAsync("thread-light-wide");
        await _ada.AssertAccessibleAsync();
        await _minsu.Page.GetByRole(AriaRole.Link, new() { Name = "Back to" }).TapAsync();
        await Assertions.Expect(_minsu.Message(2)).ToBeVisibleAsync();
        await _minsu.Message(2).Locator(".message-thread").TapAsync();
        await Assertions.Expect(ReplyOf(_minsu, 3)).ToHaveAttributeAsync("data-target", "");

        // Replies are edited and deleted like messages.
        await BoxOf(_ada).PressAsync("ArrowUp");
        await Assertions.Expect(BoxOf(_ada)).ToHaveValueAsync("Friday");
        await BoxOf(_ada).FillAsync("Friday, at noon");
        await BoxOf(_ada).PressAsync("Enter");
        await Assertions.Expect(ReplyOf(_minsu, 1)).ToContainTextAsync("Friday, at noon");

        // In a thread @here says whom it calls, before it is sent, and it is marked for them.
        await BoxOf(_ada).FillAsync("Are you @here?");
        await BoxOf(_ada).PressAsync("Enter");
        var question = ThreadOf(_ada).GetByRole(AriaRole.Alertdialog, new() { Name = "Notify those who follow this thread?" });
        await Assertions.Expect(question).ToContainTextAsync("only those who follow it (1). Also send it to the room");
        await _ada.ScreenshotAsync("thread-question-light-wide");
        await question.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(ReplyOf(_minsu, 4)).ToHaveAttributeAsync("data-mentioned", "");

        // Escape ends an edit first, and then the thread.
        await BoxOf(_ada).PressAsync("ArrowUp");
        await Assertions.Expect(BoxOf(_ada)).ToHaveValueAsync("Are you @here?");
        await BoxOf(_ada).PressAsync("Escape");
        await Assertions.Expect(BoxOf(_ada)).ToHaveValueAsync("");
        await BoxOf(_ada).PressAsync("Escape");
        await Assertions.Expect(ThreadOf(_ada)).ToHaveCountAsync(0);
        await Assertions.Expect(_ada.Page.Locator(".chat .composer textarea")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_reply_that_is_written_while_the_server_is_gone_arrives_once_and_a_draft_stays_with_its_thread()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(["WebSocket", "ERR_CONNECTION_REFUSED", "Connection", "Failed to", "circuit", "Cannot send data"]);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        await ada.SendMessageAsync("root");
        await ada.SeesAsync("root");
        await ada.Page.GotoAsync("rooms/1/1");
        await ThreadOf(ada).Locator(".composer[data-ready]").WaitForAsync();

        await node.KillAsync();
        await ada.Page.Locator("#components-reconnect-modal").WaitForAsync();
        await BoxOf(ada).FillAsync("while it is gone");
        await BoxOf(ada).PressAsync("Enter");
        await BoxOf(ada).FillAsync("half a thought");
        await node.StartAgainAsync();

        await Assertions.Expect(ReplyOf(ada, 1)).ToContainTextAsync("while it is gone");
        await Assertions.Expect(BoxOf(ada)).ToHaveValueAsync("half a thought");
        await Assertions.Expect(ada.Page.Locator(".chat .composer textarea")).ToHaveValueAsync("");
        await Assertions.Expect(ThreadOf(ada).Locator("article")).ToHaveCountAsync(2);
        await Assertions.Expect(ada.Page.Locator(".chat article")).ToHaveCountAsync(1);
    }

    private static ILocator ThreadOf(Person person) => person.Page.Locator(".thread");

    private static ILocator BoxOf(Person person) => ThreadOf(person).Locator("textarea");

    private static ILocator ReplyOf(Person person, int number) => person.Page.Locator($"#r-{number}");
}
