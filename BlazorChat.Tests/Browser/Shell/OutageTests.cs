using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>Nodes, tabs and Redis go away while people write.</summary>
public sealed class OutageTests(BrowserFixture browser)
{
    private static readonly string[] Outage = ["WebSocket", "ERR_", "Connection", "Failed to", "circuit", "Cannot send data", "503", "502", "connection"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behind_a_load_balancer_people_move_to_the_other_node_and_nothing_is_lost(bool isKilled)
    {
        await using var redis = await RedisServer.StartAsync();
        var data = Node.NewDataFolder();
        var setting = $"ConnectionStrings:Redis={redis.ConnectionString}";
        await using var one = await NodeProcess.StartAsync(data, setting);
        await using var two = await NodeProcess.StartAsync(data, setting);
        await using var balancer = await LoadBalancer.StartAsync(one, two);
        await using var ada = await browser.NewPersonAsync(balancer.Address, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        var invitation = await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        var cookies = await ada.Page.Context.CookiesAsync();
        var (hers, other) = cookies.Single(cookie => cookie.Name == "blazorchat-node").Value == "node1" ? (one, two) : (two, one);
        // Zoe is on the node that stays, so that she sees what crosses between them.
        await using var zoe = await browser.NewPersonAsync(other.Address, "Zoe");
        await zoe.JoinByInvitationAsync(new Uri(other.Address, new Uri(invitation).AbsolutePath).ToString());
        await zoe.OpenRoomAsync(1);
        await ada.SendMessageAsync("before");
        await zoe.SeesAsync("before");

        await (isKilled ? hers.KillAsync() : hers.StopAsync());
        await ada.SendMessageAsync("while it is gone");
        await ada.SendMessageAsync("and more");

        await zoe.SeesAsync("and more");
        await ada.SeesAsync("and more");
        await ada.ReadyToWriteAsync();
        await zoe.SendMessageAsync("heard you");
        await ada.SeesAsync("heard you");
        string[] all = ["before", "while it is gone", "and more", "heard you"];
        Assert.Equal(all, await ada.MessagesAsync());
        Assert.Equal(all, await zoe.MessagesAsync());
        await Assertions.Expect(ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_node_killed_while_many_messages_are_on_their_way_keeps_each_once_and_in_order()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        var texts = Enumerable.Range(0, 60).Select(i => $"message {i}").ToArray();

        for (var i = 0; i < texts.Length; i++)
        {
            await ada.SendMessageAsync(texts[i]);
            if (i == 30)
                await node.KillAsync();
        }

        await node.StartAgainAsync();
        await ada.SeesAsync(texts[^1]);
        await Assertions.Expect(ada.Outbox.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(0);

        await ada.OpenRoomAsync(1);
        await ada.Page.GetByRole(AriaRole.Log).EvaluateAsync("log => log.scrollTop = -100000");
        await ada.SeesAsync(texts[0]);
        Assert.Equal(texts, await ada.MessagesAsync());
    }

    [Fact]
    public async Task What_two_tabs_wrote_during_an_outage_is_sent_also_when_one_of_them_was_closed()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        var second = await ada.Page.Context.NewPageAsync();
        await using var other = new Person("Ada", second);
        other.ExpectedErrors.AddRange(Outage);
        await other.OpenRoomAsync(1);

        await node.KillAsync();
        await ada.SendMessageAsync("from the first tab");
        await other.SendMessageAsync("from the second tab");
        await other.Outbox.GetByText("from the second tab").WaitForAsync();
        await second.CloseAsync();
        await node.StartAgainAsync();

        await ada.SeesAsync("from the first tab");
        await ada.ReadyToWriteAsync();
        await ada.SeesAsync("from the second tab");
        Assert.Equal(2, (await ada.MessagesAsync()).Count);
    }

    [Fact]
    public async Task A_stalled_browser_holds_nobody_up_and_comes_back_to_the_truth()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(node.Address, "Zoe");
        var invitation = await ada.SetUpSiteAsync();
        await zoe.JoinByInvitationAsync(invitation);
        await using var stalled = await browser.NewPersonAsync(node.Address, "Max");
        await stalled.JoinByInvitationAsync(invitation);
        foreach (var person in new[] { ada, zoe, stalled })
            await person.OpenRoomAsync(1);

        // Its script stands still at the next thing that it would do: it acknowledges no render until it is let go.
        var debugger = await stalled.Page.Context.NewCDPSessionAsync(stalled.Page);
        await debugger.SendAsync("Debugger.enable");
        await debugger.SendAsync("Debugger.pause");
        for (var i = 1; i <= 120; i++)
            await ada.SendMessageAsync($"message {i}");
        await ada.SeesAsync("message 120");
        await zoe.SeesAsync("message 120");
        await debugger.SendAsync("Debugger.resume");

        await stalled.SeesAsync("message 120");
        Assert.Equal(await zoe.MessagesAsync(), await stalled.MessagesAsync());
    }

    [Fact]
    public async Task What_the_server_refuses_comes_back_to_the_composer_with_the_reason()
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);

        await ada.SendMessageAsync("nul \0 inside");
        await ada.Page.GetByText("characters that can't be saved").WaitForAsync();

        Assert.Equal("nul \0 inside", await ada.DraftAsync());
        await ada.SendMessageAsync("fine");
        await ada.SeesAsync("fine");
        Assert.Equal(["fine"], await ada.MessagesAsync());
    }

    [Fact]
    public async Task Only_a_longer_outage_of_Redis_is_worth_a_word()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await HostedNode.StartAsync(null, $"ConnectionStrings:Redis={redis.ConnectionString}");
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        var notice = ada.Page.GetByText("may arrive a second late");
        await Assertions.Expect(notice).ToHaveCountAsync(0);

        await redis.KillAsync();
        await notice.WaitForAsync();
        await ada.SendMessageAsync("still here");
        await ada.SeesAsync("still here");
        await ada.ScreenshotAsync("degraded");
        await redis.StartAgainAsync();

        await Assertions.Expect(notice).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_command_without_an_answer_says_so_and_can_be_given_again()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        ada.ExpectedErrors.AddRange(Outage);
        await ada.SetUpSiteAsync();
        await ada.OpenRoomAsync(1);
        var error = ada.Page.Locator(".composer [data-error]");

        // The call is on its way when the connection is lost.
        await node.PauseAsync();
        await ada.SendMessageAsync("/mute");
        await node.KillAsync();
        await Assertions.Expect(error).ToContainTextAsync("Connection lost");
        await ada.Composer.FillAsync("/mute ");
        await Assertions.Expect(error).ToBeEmptyAsync();
        await ada.SendAsync();
        await Assertions.Expect(error).ToContainTextAsync("Connection lost");
        await node.StartAgainAsync();

        await ada.Page.Locator("#components-reconnect-modal").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await ada.ReadyToWriteAsync();
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("/mute ");
        await ada.SendAsync();
        await Assertions.Expect(ada.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Notifications are off for this room." })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_edit_saved_while_the_server_is_gone_is_made_when_it_is_back_and_one_that_is_open_is_kept()
    {
        await using var node = await NodeProcess.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await using var zoe = await browser.NewPersonAsync(node.Address, "Zoe", width: 360, height: 740, scheme: ColorScheme.Dark, isTouch: true);
        ada.ExpectedErrors.AddRange(["WebSocket", "ERR_", "Connection", "Failed to", "circuit", "Cannot send data", "connection"]);
        zoe.ExpectedErrors.AddRange(ada.ExpectedErrors);
        await zoe.JoinByInvitationAsync(await ada.SetUpSiteAsync());
        await ada.OpenRoomAsync(1);
        await zoe.OpenRoomAsync(1);
        await ada.SendMessageAsync("one");
        await ada.SendMessageAsync("two");
        await zoe.SeesAsync("two");
        await ada.Composer.FocusAsync();
        await ada.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("two");

        await node.KillAsync();
        await ada.Page.Locator("#components-reconnect-modal").WaitForAsync();
        await ada.SendMessageAsync("two, corrected");
        await Assertions.Expect(ada.Outbox.GetByText("two, corrected")).ToBeVisibleAsync();
        await node.StartAgainAsync();

        await zoe.SeesAsync("two, corrected");
        await ada.SeesAsync("two, corrected");
        Assert.Equal(["one", "two, corrected edited"], await zoe.LinesAsync());

        // An edit that is under way is there after the page was loaded again, and so is the draft behind it.
        await ada.ReadyToWriteAsync();
        await ada.Composer.FillAsync("a draft");
        await ada.Message(1).HoverAsync();
        await ada.Action("Edit").ClickAsync();
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("one");
        await ada.Composer.FillAsync("one, half");
        await ada.OpenRoomAsync(1);
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("one, half");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Discard changes" }).ClickAsync();
        await Assertions.Expect(ada.Composer).ToHaveValueAsync("a draft");
    }
}
