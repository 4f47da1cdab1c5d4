using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Rooms;

public sealed class ChatTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task The_first_run_leads_from_the_printed_address_to_a_conversation()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.Page.GotoAsync("");
        Assert.EndsWith("/setup", ada.Page.Url, StringComparison.Ordinal);

        var invitation = await ada.SetUpSiteAsync();
        await ada.ScreenshotAsync("invitation");
        await ada.Page.GetByRole(AriaRole.Link, new() { Name = "Open rooms" }).ClickAsync();
        await ada.Page.Locator(".room-list").GetByRole(AriaRole.Link, new() { Name = "General" }).ClickAsync();
        await ada.ReadyToWriteAsync();

        await using var zoe = await browser.NewPersonAsync(node.Address, "Zoe", width: 360, height: 740, scheme: ColorScheme.Dark);
        await zoe.JoinByInvitationAsync(invitation);
        await zoe.ReadyToWriteAsync();

        await ada.SendMessageAsync("Hello **Zoe**, is this [safe](https://example.org)?");
        await zoe.SeesAsync("Hello Zoe, is this safe?");
        await zoe.SendMessageAsync("Yes <script>alert('x')</script> \u202Eright to left 👍 한국어");
        await ada.SeesAsync("Yes <script>alert('x')</script>");
        await ada.SendMessageAsync("```\nlet x = 1;\n```");
        await zoe.SeesAsync("let x = 1;");

        Assert.Equal(await ada.MessagesAsync(), await zoe.MessagesAsync());
        await ada.ScreenshotAsync("room-light-wide");
        await zoe.ScreenshotAsync("room-dark-360");
        var findings = await ada.Page.RunAxe();
        Assert.Empty(findings.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
        // No part of the page is wider than a phone.
        Assert.Equal(360, await zoe.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Two_nodes_that_share_Redis_share_the_conversation()
    {
        await using var redis = await RedisServer.StartAsync();
        var data = Node.NewDataFolder();
        var setting = $"ConnectionStrings:Redis={redis.ConnectionString}";
        await using var one = await HostedNode.StartAsync(data, setting);
        await using var two = await HostedNode.StartAsync(data, setting);
        await using var ada = await browser.NewPersonAsync(one.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(two.Address, "Zoe");
        var invitation = new Uri(await ada.SetUpSiteAsync());
        await zoe.JoinByInvitationAsync(new Uri(two.Address, invitation.AbsolutePath).ToString());
        await ada.OpenRoomAsync(1);
        await zoe.OpenRoomAsync(1);

        for (var i = 0; i < 5; i++)
        {
            await ada.SendMessageAsync($"from Ada {i}");
            await zoe.SeesAsync($"from Ada {i}");
            await zoe.SendMessageAsync($"from Zoe {i}");
            await ada.SeesAsync($"from Zoe {i}");
        }

        Assert.Equal(10, (await ada.MessagesAsync()).Count);
        Assert.Equal(await ada.MessagesAsync(), await zoe.MessagesAsync());
    }

    [Fact]
    public async Task Messages_are_there_after_a_restart()
    {
        await using var node = await NodeProcess.StartAsync();
        await using (var ada = await browser.NewPersonAsync(node.Address, "Ada"))
        {
            await ada.SetUpSiteAsync();
            await ada.OpenRoomAsync(1);
            await ada.SendMessageAsync("kept");
            await ada.SeesAsync("kept");
        }

        Assert.Equal(0, await node.StopAsync());
        await node.StartAgainAsync();

        await using var again = await browser.NewPersonAsync(node.Address, "Ada");
        await again.SignInAsync();
        await again.OpenRoomAsync(1);
        Assert.Equal(["kept"], await again.MessagesAsync());
    }

    [Fact]
    public async Task A_message_written_while_the_server_is_down_is_sent_once_when_it_is_back()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(["WebSocket", "ERR_CONNECTION_REFUSED", "Connection", "Failed to", "circuit", "Cannot send data"]);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        await ada.SendMessageAsync("before");
        await ada.SeesAsync("before");

        await node.KillAsync();
        await ada.Page.Locator("#components-reconnect-modal").WaitForAsync();
        await ada.SendMessageAsync("while it is gone");
        await ada.Page.GetByRole(AriaRole.List, new() { Name = "Waiting to be sent" }).GetByText("while it is gone").WaitForAsync();
        await node.StartAgainAsync();

        await ada.SeesAsync("while it is gone");
        Assert.Equal(["before", "while it is gone"], await ada.MessagesAsync());
    }

    [Fact]
    public async Task Empty_and_too_long_messages_are_refused_and_stay_in_the_box()
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member);
        await ada.OpenRoomAsync(room.Id);

        await ada.SendMessageAsync("   ");
        await ada.Page.GetByText("Write something first.").WaitForAsync();
        var tooLong = new string('한', 8_001);
        await ada.SendMessageAsync(tooLong);
        await ada.Page.GetByText("at most 8,000 characters").WaitForAsync();
        Assert.Equal(tooLong, await ada.DraftAsync());
        await ada.SendMessageAsync(tooLong[..8_000]);

        await ada.SeesAsync("한한한");
        Assert.Equal("", await ada.DraftAsync());
    }

    [Fact]
    public async Task Shift_Enter_breaks_the_line()
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member);
        await ada.OpenRoomAsync(room.Id);

        await ada.Page.Locator(".composer textarea").FocusAsync();
        await ada.Page.Keyboard.TypeAsync("one");
        await ada.Page.Keyboard.PressAsync("Shift+Enter");
        await ada.Page.Keyboard.TypeAsync("two");
        await ada.Page.Keyboard.PressAsync("Enter");

        await ada.SeesAsync("two");
        Assert.Equal(["one\ntwo"], await ada.MessagesAsync());
    }

    [Fact]
    public async Task A_room_full_of_long_messages_opens()
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member);
        await ada.OpenRoomAsync(room.Id);
        foreach (var (length, count) in new[] { (900, 49), (8_000, 51) })
        {
            for (var i = 0; i < count; i++)
                await ada.SendMessageAsync($"{length}-{i} {new string('한', length - 10)}");
            await ada.SeesAsync($"{length}-{count - 1} ");

            await ada.OpenRoomAsync(room.Id);
            await ada.SendMessageAsync($"after {length}");
            await ada.SeesAsync($"after {length}");
        }
    }

    [Fact]
    public async Task On_a_phone_the_drawer_works_with_the_keyboard_alone()
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member, width: 360, height: 740);
        await ada.OpenRoomAsync(room.Id);
        var menu = ada.Page.GetByRole(AriaRole.Button, new() { Name = "Rooms", Exact = true });
        var drawer = ada.Page.GetByRole(AriaRole.Navigation, new() { Name = "Rooms" });

        await menu.FocusAsync();
        await ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(drawer).ToBeFocusedAsync();
        await ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(menu).ToBeFocusedAsync();
        await Assertions.Expect(drawer).ToBeHiddenAsync();

        await ada.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(drawer).ToBeFocusedAsync();
        // The name of the site, the jump box, the first link.
        for (var i = 0; i < 3; i++)
            await ada.Page.Keyboard.PressAsync("Tab");
        await ada.Page.Keyboard.PressAsync("Enter");
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Unread" }).WaitForAsync();
        await Assertions.Expect(drawer).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Scrolling_up_loads_older_messages_and_moves_nothing()
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member);
        await ada.OpenRoomAsync(room.Id);
        for (var i = 1; i <= 120; i++)
            await ada.SendMessageAsync($"message {i}");
        await ada.SeesAsync("message 120");
        await ada.OpenRoomAsync(room.Id);
        await ada.SeesAsync("message 120");
        Assert.Equal("message 71", (await ada.MessagesAsync())[0]);

        await ada.Page.GetByRole(AriaRole.Log).EvaluateAsync("log => log.scrollTop = -100000");
        await ada.SeesAsync("message 21");
        await ada.Page.Locator("#m-71").WaitForAsync();
        Assert.True(await ada.Page.Locator("#m-71").EvaluateAsync<bool>(
            "row => { const top = row.getBoundingClientRect().top; return top > 0 && top < innerHeight; }"));
    }

    [Fact]
    public async Task A_reloaded_page_has_its_scroll_position_and_its_draft()
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member);
        await ada.OpenRoomAsync(room.Id);
        for (var i = 1; i <= 150; i++)
            await ada.SendMessageAsync($"message {i}");
        await ada.SeesAsync("message 150");
        var log = ada.Page.GetByRole(AriaRole.Log);
        await log.EvaluateAsync("log => document.getElementById('m-40').scrollIntoView({ block: 'start' })");
        // The position is stored when the scrolling has ended: that of the row before, which the label of the day covers.
        await ada.Page.WaitForFunctionAsync($"() => JSON.parse(sessionStorage.getItem('position/rooms/{room.Id}'))?.sequence === 39");
        const string top = "document.getElementById('m-40').getBoundingClientRect().top - document.querySelector('[role=log]').getBoundingClientRect().top";
        var before = await ada.Page.EvaluateAsync<double>(top);
        await ada.Page.Locator(".composer textarea").FillAsync("half a thought");

        await ada.Page.ReloadAsync();
        await ada.ReadyToWriteAsync();
        await ada.Page.Locator("#m-40").WaitForAsync();

        await ada.Page.WaitForFunctionAsync($"before => Math.abs({top} - before) < 2", before);
        Assert.Equal("half a thought", await ada.DraftAsync());
        // Sending scrolls to the end, where the message is shown, also when later pages arrive before it.
        await log.EvaluateAsync("log => log.parentElement.dispatchEvent(new CustomEvent('message-written'))");
        await Assertions.Expect(ada.Page.Locator("#m-150")).ToBeInViewportAsync();
        await log.EvaluateAsync("log => { log.scrollTop = -2000; }");
        await ada.SendMessageAsync("whole");
        await ada.SeesAsync("whole");
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Log).Locator("article").Last).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Messages_that_arrive_below_the_screen_are_counted_and_one_click_away()
    {
        using var writer = await site.JoinAsync("Ada");
        using var reader = await site.JoinAsync("Zoe");
        var room = await site.AddRoomAsync(writer, reader);
        await using var ada = await browser.NewPersonAsync(writer);
        await using var zoe = await browser.NewPersonAsync(reader);
        await ada.OpenRoomAsync(room.Id);
        await zoe.OpenRoomAsync(room.Id);
        for (var i = 1; i <= 60; i++)
            await ada.SendMessageAsync($"message {i}");
        await zoe.SeesAsync("message 60");
        await zoe.Page.GetByRole(AriaRole.Log).EvaluateAsync("log => log.scrollTop = -600");

        for (var i = 61; i <= 63; i++)
            await ada.SendMessageAsync($"message {i}");
        var pill = zoe.Page.GetByRole(AriaRole.Button, new() { Name = "3 new" });
        await pill.ClickAsync();

        await Assertions.Expect(zoe.Page.Locator("#m-63")).ToBeInViewportAsync();
        await Assertions.Expect(pill).ToBeHiddenAsync();
    }

    [Fact]
    public async Task An_unknown_room_is_not_found_and_a_used_name_is_refused()
    {
        using var member = await site.JoinAsync("Ada");
        await using var ada = await browser.NewPersonAsync(member);
        ada.ExpectedErrors.Add("404");

        Assert.Equal(404, (await ada.Page.GotoAsync("rooms/999"))!.Status);
        await ada.CreateRoomAsync(" general ");
        await ada.Page.GetByText("There is already a room called “general”, or one that looks the same.").WaitForAsync();
    }
}
