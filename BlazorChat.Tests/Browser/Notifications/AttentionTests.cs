using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Notifications;

/// <summary>Three people on two nodes, one of whom has a computer and a phone: what calls them, what they have read, and when they want quiet.</summary>
public sealed class AttentionTests(BrowserFixture browser, TwoNodeSite site) : IClassFixture<TwoNodeSite>
{
    [Fact]
    public async Task People_are_called_on_all_devices_by_what_concerns_them_and_not_by_what_they_look_at_have_read_or_in_quiet()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var max = await site.JoinAsync("Max");
        using var eve = await site.JoinAsync("Eve");
        var room = await site.AddRoomAsync(max, zoe, eve);
        await using var desk = await OpenAsync(zoe, site.Node, 1440, 900);
        await using var phone = await OpenAsync(zoe, site.Second, 360, 740, isTouch: true);
        await using var maxs = await OpenAsync(max, site.Second, 1280, 800);
        await using var eves = await OpenAsync(eve, site.Node, 1280, 800);

        // A direct message calls both devices, and ends on one when it is read on the other.
        await maxs.Page.GotoAsync($"direct/{zoe.Id}");
        await maxs.Page.GetByRole(AriaRole.Button, new() { Name = "Write a message" }).ClickAsync();
        await maxs.ReadyToWriteAsync();
        await maxs.SendMessageAsync("Only for you");
        await CalledAsync(desk, 1, "Max", "Only for you");
        await CalledAsync(phone, 1, "Max", "Only for you");
        await TotalIsAsync(desk, 1);
        await phone.ScreenshotAsync("attention-phone");
        await phone.Page.Locator(".shell-menu").TapAsync();
        await phone.Page.Locator("#drawer").GetByRole(AriaRole.Link, new() { Name = "Max" }).First.TapAsync();
        await phone.SeesAsync("Only for you");
        await TotalIsAsync(desk, 0);
        await desk.Page.WaitForFunctionAsync("() => notices.every(notice => notice.isClosed)");

        // The phone, on the other node, looks at these messages. The next ones are of the room.
        await maxs.SendMessageAsync("Still there?");
        await phone.SeesAsync("Still there?");
        await eves.OpenRoomAsync(room.Id);
        await eves.SendMessageAsync("@zoe, look");
        await CalledAsync(desk, 2, $"Eve in {room.Name}", "@Zoe, look");
        await CalledAsync(phone, 2, $"Eve in {room.Name}", "@Zoe, look");

        // All who are connected are called, except the author.
        await eves.Page.GotoAsync("mentions");
        await eves.Page.Locator(".mention-list[data-ready]").WaitForAsync();
        await maxs.OpenRoomAsync(room.Id);
        await maxs.SendMessageAsync("Lunch, @here");
        await CalledAsync(desk, 3, $"2 new messages in {room.Name}", "Max: Lunch, @here");
        await CalledAsync(phone, 3, $"2 new messages in {room.Name}", "Max: Lunch, @here");
        await CalledAsync(eves, 1, $"Max in {room.Name}", "Lunch, @here");
        Assert.Equal(0, await maxs.Page.EvaluateAsync<int>("notices.length"));

        // In quiet, messages count and do not call. The phone leaves the room, so it is called too.
        await phone.Page.GotoAsync("account/notifications");
        await phone.Page.Locator("button[name=Pause][value='30']").TapAsync();
        await phone.Page.Locator("button[name=Pause][value=end]").WaitForAsync();
        await phone.ScreenshotAsync("attention-quiet-phone");
        await maxs.SendMessageAsync("@zoe, in quiet");
        await TotalIsAsync(desk, 3);
        await Assertions.Expect(desk.Page.Locator($"[data-room='{room.Id}'] .room-nav-mentions")).ToContainTextAsync("3 unread mentions");
        await phone.Page.Locator("button[name=Pause][value=end]").TapAsync();
        await phone.Page.Locator("button[name=Pause][value=end]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await phone.Page.GotoAsync("mentions");
        await phone.Page.Locator(".mention-list[data-ready]").WaitForAsync();
        await maxs.SendMessageAsync("@zoe, afterwards");
        await CalledAsync(desk, 4, $"3 new messages in {room.Name}", "Max: @Zoe, afterwards");

        // Everything is read at the computer, so nothing is unread on the phone.
        await desk.Page.GotoAsync("unread");
        await desk.Page.Locator(".unread-list[data-ready]").WaitForAsync();
        await desk.ScreenshotAsync("attention-unread");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Mark all as read" }).ClickAsync();
        await TotalIsAsync(desk, 0);
        await TotalIsAsync(phone, 0);
    }

    /// <summary>A member at the list of their mentions, with notifications turned on.</summary>
    private async Task<Person> OpenAsync(Member member, Node node, int width, int height, bool isTouch = false)
    {
        var person = await browser.NewPersonAsync(node.Address, member.Name, width, height, isTouch: isTouch);
        await person.BringSessionAsync(member, site.Node.Address);
        await person.Page.Context.AddInitScriptAsync(RecordedCalls.Script);
        await person.Page.Context.AddInitScriptAsync(RecordedCalls.TurnedOn);
        await person.Page.GotoAsync("mentions");
        await person.Page.Locator(".mention-list[data-ready]").WaitForAsync();
        return person;
    }

    /// <summary>Waits until a page has called its reader so often, and no more often.</summary>
    private static async Task CalledAsync(Person person, int count, string title, string body)
    {
        await person.Page.WaitForFunctionAsync("count => notices.length >= count", count);
        Assert.Equal([$"{count}", title, body], await person.Page.EvaluateAsync<string[]>(
            "() => [String(notices.length), notices.at(-1).title, notices.at(-1).body]"));
    }

    private static Task TotalIsAsync(Person person, int total) =>
        Assertions.Expect(person.Page.Locator(".room-nav")).ToHaveAttributeAsync("data-total", $"{total}");
}
