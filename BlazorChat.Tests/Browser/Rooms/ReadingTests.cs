using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

/// <summary>The position at which a room opens, and the messages that count as read.</summary>
public sealed class ReadingTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _zoe = default!;
    private Member _member = default!;
    private Person _ada = default!;

    private ILocator Link => _ada.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = _room.Name });

    private ILocator JumpToLatest => _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Jump to latest" });

    private ILocator MarkAsRead => _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as read" });

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _zoe = await site.JoinAsync("Zoe");
        _room = await site.AddRoomAsync(_zoe, _member);
        _ada = await browser.NewPersonAsync(_member);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
        _zoe.Dispose();
    }

    [Fact]
    public async Task B9_A_room_with_2000_unread_messages_opens_at_the_first_one_and_the_rest_stays_unread()
    {
        await site.FillRoomAsync(_room, _zoe, 2_100, i => $"message {i}", lastRead: 100);

        await _ada.OpenRoomAsync(_room.Id);

        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Separator, new() { Name = "New messages" })).ToBeInViewportAsync();
        await Assertions.Expect(_ada.Message(101)).ToBeInViewportAsync();
        await Assertions.Expect(_ada.Message(100)).ToBeInViewportAsync();
        await _ada.ScreenshotAsync("unread-opened-light-wide");
        await JumpToLatest.ClickAsync();
        await Assertions.Expect(_ada.Message(2_100)).ToBeInViewportAsync();
        await Assertions.Expect(JumpToLatest).ToBeHiddenAsync();
        await Assertions.Expect(MarkAsRead).ToContainTextAsync("unread above");
        await _ada.ScreenshotAsync("unread-skipped-light-wide");
        await LeaveAsync();
        await Assertions.Expect(Link).ToContainTextAsync("99+ unread");
        Assert.InRange(await site.LastReadAsync(_room, _member), 101, 160);

        // Messages that were on the screen are read, and the next visit begins after them. A button marks the rest as read.
        await Link.ClickAsync();
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Separator, new() { Name = "New messages" })).ToBeInViewportAsync();
        await JumpToLatest.ClickAsync();
        await MarkAsRead.ClickAsync();
        await Assertions.Expect(MarkAsRead).ToBeHiddenAsync();
        await LeaveAsync();
        await Assertions.Expect(Link).Not.ToContainTextAsync("unread");
    }

    [Fact]
    public async Task B9_Scrolling_down_reads_page_after_page_to_the_end()
    {
        await site.FillRoomAsync(_room, _zoe, 260, i => $"message {i}", lastRead: 20);
        await _ada.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_ada.Message(21)).ToBeInViewportAsync();

        await ScrollUntilAsync(_ada.Message(260), 400);

        await Assertions.Expect(MarkAsRead).ToBeHiddenAsync();
        await LeaveAsync();
        await Assertions.Expect(Link).Not.ToContainTextAsync("unread");
    }

    [Fact]
    public async Task B9_New_messages_that_fit_on_the_screen_are_read_at_once()
    {
        await site.FillRoomAsync(_room, _zoe, 80, i => $"message {i}", lastRead: 77);

        await _ada.OpenRoomAsync(_room.Id);

        await Assertions.Expect(_ada.Message(80)).ToBeInViewportAsync();
        await Assertions.Expect(JumpToLatest).ToBeHiddenAsync();
        await LeaveAsync();
        await Assertions.Expect(Link).Not.ToContainTextAsync("unread");
    }

    [Fact]
    public async Task B9_A_page_that_is_reloaded_after_many_messages_opens_at_the_first_unread_one()
    {
        await site.FillRoomAsync(_room, _zoe, 300, i => $"message {i}", lastRead: 300);
        await _ada.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_ada.Message(300)).ToBeInViewportAsync();
        await using (var database = new DirectDatabase(site.Node.DataFolder))
            await database.Db.Memberships.Where(m => m.RoomId == _room.Id).ExecuteUpdateAsync(m => m.SetProperty(read => read.LastReadSequence, 150));

        await _ada.Page.ReloadAsync();

        await Assertions.Expect(_ada.Message(151)).ToBeInViewportAsync();
        await Assertions.Expect(_ada.Page.GetByRole(AriaRole.Separator, new() { Name = "New messages" })).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_room_opens_at_a_mark_far_above_and_a_button_returns_to_it()
    {
        await site.FillRoomAsync(_room, _zoe, 300, i => $"message {i}", lastRead: 300);
        await using (var database = new DirectDatabase(site.Node.DataFolder))
        {
            await database.Db.Memberships.Where(m => m.RoomId == _room.Id).ExecuteUpdateAsync(m => m
                .SetProperty(marked => marked.UnreadFrom, 50)
                .SetProperty(marked => marked.UnreadMarks, 1));
        }

        await _ada.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_ada.Page.Locator(".messages-new + #m-50")).ToBeInViewportAsync();
        await JumpToLatest.ClickAsync();
        await Assertions.Expect(_ada.Message(300)).ToBeInViewportAsync();
        await LeaveAsync();
        await Assertions.Expect(Link).ToContainTextAsync("99+ unread");

        // What was on the screen is read, and the mark stands after it.
        await Link.ClickAsync();
        var mark = _ada.Page.GetByRole(AriaRole.Separator, new() { Name = "New messages" });
        await Assertions.Expect(mark).ToBeInViewportAsync();
        await JumpToLatest.ClickAsync();
        await Assertions.Expect(_ada.Message(300)).ToBeInViewportAsync();
        await _ada.Page.GetByRole(AriaRole.Button, new() { Name = "First unread" }).ClickAsync();
        await Assertions.Expect(_ada.Message(300)).Not.ToBeInViewportAsync();
        await JumpToLatest.ClickAsync();
        await MarkAsRead.ClickAsync();
        await LeaveAsync();
        await Assertions.Expect(Link).Not.ToContainTextAsync("unread");
    }

    [Fact]
    public async Task B9_A_window_without_focus_marks_nothing_as_read()
    {
        await _ada.Page.AddInitScriptAsync("window.isInFront = false; document.hasFocus = () => window.isInFront;");
        await site.FillRoomAsync(_room, _zoe, 3, i => $"message {i}");
        await _ada.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_ada.Message(3)).ToBeInViewportAsync();
        await LeaveAsync();
        await Assertions.Expect(Link).ToContainTextAsync("3 unread");

        await Link.ClickAsync();
        await Assertions.Expect(_ada.Message(3)).ToBeInViewportAsync();
        await _ada.ReadyToWriteAsync();
        await _ada.Page.EvaluateAsync("window.isInFront = true; dispatchEvent(new Event('focus'))");
        await LeaveAsync();
        await Assertions.Expect(Link).Not.ToContainTextAsync("unread");
    }

    [Fact]
    public async Task B10_Scrolling_up_fast_reaches_the_first_message()
    {
        await site.FillRoomAsync(_room, _zoe, 600, i => $"message {i}", lastRead: 600);
        await _ada.OpenRoomAsync(_room.Id);
        await Assertions.Expect(_ada.Message(600)).ToBeInViewportAsync();

        // A wheel that turns on holds the page at its top while rows arrive, so the observer never sees its edge leave.
        await _ada.Page.GetByRole(AriaRole.Log).EvaluateAsync(
            """
            log => {
                const turn = () => { log.scrollTop = -log.scrollHeight; };
                new MutationObserver(turn).observe(log, { childList: true, subtree: true });
                turn();
            }
            """);

        await Assertions.Expect(_ada.Message(1)).ToBeInViewportAsync();
    }

    /// <summary>Turns the wheel without waiting for rows.</summary>
    /// <param name="step">Less than a screen, so that every row is passed.</param>
    private async Task ScrollUntilAsync(ILocator target, int step)
    {
        var log = (await _ada.Page.GetByRole(AriaRole.Log).BoundingBoxAsync())!;
        await _ada.Page.Mouse.MoveAsync(log.X + (log.Width / 2), log.Y + (log.Height / 2));
        for (var i = 0; i < 500; i++)
        {
            await _ada.Page.Mouse.WheelAsync(0, step);
            await _ada.Page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
            if (await target.IsVisibleAsync() && await IsInViewAsync(target))
                return;
        }

        Assert.Fail("The wheel was turned 500 times.");
    }

    private static Task<bool> IsInViewAsync(ILocator target) => target.EvaluateAsync<bool>(
        "element => new Promise(resolve => { const seen = new IntersectionObserver(([entry]) => { seen.disconnect(); resolve(entry.isIntersecting); }); seen.observe(element); })");

    private async Task LeaveAsync()
    {
        await _ada.Page.GetByRole(AriaRole.Link, new() { Name = "All rooms" }).ClickAsync();
        await _ada.Page.GetByRole(AriaRole.Heading, new() { Name = "All rooms" }).WaitForAsync();
    }
}
