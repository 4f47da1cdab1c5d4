using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Notifications;

/// <summary>Notifications of a browser without an open page, and the page where one turns them on.</summary>
public sealed class PushTests(BrowserFixture browser)
{
    [Fact]
    public async Task A_person_turns_notifications_on_tests_them_and_removes_the_device()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, service.Settings);
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada", width: 1440, height: 900);
        var tray = await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        var devices = ada.Page.GetByRole(AriaRole.List, new() { Name = "Devices" });

        await ada.Page.GotoAsync("account/notifications");
        Assert.Equal("default", await ada.Page.EvaluateAsync<string>("Notification.permission"));
        await TurnOnAsync(ada);
        await tray.OpenAsync();
        await Expect(devices.GetByRole(AriaRole.Listitem)).ToContainTextAsync("this device");
        await Expect(TurnOn(ada)).ToBeHiddenAsync();
        await ada.AssertAccessibleAsync();
        await ada.ScreenshotAsync("devices-wide-light");
        Assert.DoesNotContain($":{service.Port}/", await ada.Page.ContentAsync(), StringComparison.Ordinal);

        await devices.GetByRole(AriaRole.Button, new() { Name = "Send test" }).ClickAsync();
        await Expect(ada.Page.Locator("p.done:not([hidden])")).ToContainTextAsync("Sent to Chrome on Linux.");
        await tray.DeliverAsync((await service.ReceiveAsync("Ada")).Text);
        Assert.Equal([("test", "Notifications work", "You get notifications on this device.")], await tray.ReadAsync());

        // The push service is away, and later does not know the subscription any more.
        await service.AnswerAsync("Ada", 503);
        await devices.GetByRole(AriaRole.Button, new() { Name = "Send test" }).ClickAsync();
        await Expect(ada.Page.Locator("[data-push-error]")).ToHaveTextAsync("The push service of Chrome on Linux can't be reached. Try again later.");
        await service.AnswerAsync("Ada", 410);
        await devices.GetByRole(AriaRole.Button, new() { Name = "Send test" }).ClickAsync();
        await Expect(ada.Page.Locator("[data-push-error]")).ToContainTextAsync("no longer accepts notifications");
        await Expect(devices).ToHaveCountAsync(0);
        await Expect(TurnOn(ada)).ToBeVisibleAsync();

        await service.AnswerAsync("Ada", 201);
        await TurnOnAsync(ada);
        await devices.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(devices).ToHaveCountAsync(0);
        await Expect(TurnOn(ada)).ToBeVisibleAsync();
        await ForgottenAsync(ada);
    }

    [Fact]
    public async Task A_message_is_shown_once_replaced_closed_and_opened()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, service.Settings);
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        var tray = await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        await ada.CreateRoomAsync("Second");
        await ada.ReadyToWriteAsync();
        await ada.Page.GotoAsync("account/notifications");
        await TurnOnAsync(ada);
        await tray.OpenAsync();
        await ada.Page.GotoAsync("mentions");
        await ada.Page.GetByRole(AriaRole.Heading, new() { Name = "Mentions" }).First.WaitForAsync();
        await ada.Page.EvaluateAsync("window.isSamePage = true");
        await tray.PageAnswersAsync();

        await tray.DeliverAsync(Message(1, "Hello", 5));
        Assert.Equal([("room-1-1", "Zoe in General", "Hello")], await tray.ReadAsync());
        Assert.Equal(3, await tray.ReadBadgeAsync());
        await tray.DeliverAsync(Message(1, "Hello, edited", 6, replaces: true));
        await tray.DeliverAsync(Message(1, "Hello", 5));
        await tray.DeliverAsync(Message(2, "And more", 7));
        Assert.Equal([("room-1-1", "Zoe in General", "Hello, edited"), ("room-1-2", "Zoe in General", "And more")], await tray.ReadAsync());

        await tray.DeliverAsync("""{"v":1,"kind":"clear","tag":"room-1-1","badge":0}""");
        await tray.DeliverAsync("""{"v":2,"kind":"message","tag":"room-1-3","title":"Later version"}""");
        Assert.Equal([("room-1-2", "Zoe in General", "And more")], await tray.ReadAsync());
        Assert.Equal(0, await tray.ReadBadgeAsync());

        // What she has dismissed does not come back when its message is edited, and messages that were read go together.
        await tray.DeliverAsync(Message(3, "Dismissed", 8));
        await tray.DismissAsync("room-1-3");
        await tray.DeliverAsync(Message(3, "Dismissed, edited", 9, replaces: true));
        Assert.Equal([("room-1-2", "Zoe in General", "And more")], await tray.ReadAsync());
        await tray.DeliverAsync(Message(3, "Next", 10));
        await tray.DeliverAsync("""{"v":1,"kind":"clear","tag":"room-1-3","tags":["room-1-3","room-1-2"]}""");
        Assert.Empty(await tray.ReadAsync());
        await tray.DeliverAsync(Message(2, "And more", 7));

        // The open page goes there, within its circuit.
        await tray.ClickAsync("room-1-2");
        await Expect(ada.Page).ToHaveURLAsync(new Uri(node.Address, "rooms/1#m-2").ToString());
        await ada.ReadyToWriteAsync();
        Assert.True(await ada.Page.EvaluateAsync<bool>("window.isSamePage"));
        Assert.Empty(await tray.ReadAsync());

        Assert.Equal(1, await tray.ReadFocusedAsync());

        // She looks at the room, so no notification is shown. Behind another window, the page is not looked at.
        await tray.SetFocusAsync(true);
        await tray.DeliverAsync(Message(4, "Seen", 8));
        Assert.Empty(await tray.ReadAsync());
        await tray.SetFocusAsync(false);
        await tray.DeliverAsync(Message(5, "Behind", 9));
        Assert.Equal([("room-1-5", "Zoe in General", "Behind")], await tray.ReadAsync());
        await tray.DismissAsync("room-1-5");
        await tray.SetFocusAsync(true);
        await tray.DeliverAsync(Message(1, "Another room", 8, room: 2));
        Assert.Equal([("room-2-1", "Zoe in General", "Another room")], await tray.ReadAsync());

        // A page without a circuit is loaded again.
        await ada.Page.GotoAsync("account/manage");
        await tray.ClickAsync("room-2-1");
        await Expect(ada.Page).ToHaveURLAsync(new Uri(node.Address, "rooms/2#m-1").ToString());
        await ada.ReadyToWriteAsync();
    }

    [Fact]
    public async Task A_mention_reaches_a_browser_without_an_open_room_and_is_withdrawn_when_it_is_read()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, [.. service.Settings, "Notifications:PushDelay=0"]);
        using var visitor = new FormClient(node.Address);
        await visitor.SetUpAsync();
        using var bot = new ScriptClient(node.Address, await visitor.MakeBotAsync("Deployer", ("Rooms", "1")));
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.BringSessionAsync(visitor, node.Address);
        var tray = await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.Page.GotoAsync("account/notifications");
        await TurnOnAsync(ada);
        await tray.OpenAsync();

        foreach (var text in new[] { "Nobody is called", "@ada the build **failed**" })
        {
            var (status, answer) = await bot.PostAsync(1, new { id = Guid.NewGuid(), message = text });
            Assert.True((int)status is >= 200 and < 300, $"{answer}");
        }

        var delivery = await service.ReceiveAsync("Ada");
        Assert.Equal(("high", "room-1-2"), (delivery.Urgency, delivery.Topic));
        await tray.DeliverAsync(delivery.Text);
        Assert.Equal([("room-1-2", "Deployer in General", "@Ada the build failed")], await tray.ReadAsync());
        Assert.Equal(2, await tray.ReadBadgeAsync());

        // The same one once more, as after a node that was killed.
        await tray.DeliverAsync(delivery.Text);
        Assert.Single(await tray.ReadAsync());

        // She reads it there, so it goes from her devices.
        await ada.OpenRoomAsync(1);
        await tray.DeliverAsync((await service.ReceiveAsync("Ada")).Text);
        Assert.Empty(await tray.ReadAsync());
        Assert.Equal(0, await tray.ReadBadgeAsync());
        Assert.Equal(0, service.WaitingFor("Ada"));
    }

    [Fact]
    public async Task A_device_that_was_removed_elsewhere_is_forgotten_by_its_browser()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, service.Settings);
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        await ada.Page.GotoAsync("account/notifications");
        await TurnOnAsync(ada);
        await ada.OpenRoomAsync(1);
        Assert.NotNull(await ada.Page.EvaluateAsync<string?>("localStorage.getItem('test-subscription')"));
        await using (var database = new DirectDatabase(node.DataFolder))
            await database.Db.PushDevices.ExecuteDeleteAsync();

        await ada.OpenRoomAsync(1);

        await ForgottenAsync(ada);
    }

    [Fact]
    public async Task A_subscription_that_the_worker_could_not_register_is_registered_by_the_next_page()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, service.Settings);
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        await ada.Page.GotoAsync("account/notifications");
        await TurnOnAsync(ada);
        var first = await EndpointAsync();
        await ada.Page.EvaluateAsync(
            """
            async () => {
                const key = await (await fetch("/account/devices/key")).text();
                localStorage.setItem("test-subscription", await subscribeAtService(key));
            }
            """);

        await ada.Page.RunAndWaitForResponseAsync(
            () => ada.OpenRoomAsync(1),
            answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/account/devices", StringComparison.Ordinal) && answer.Status == 204);

        var second = await EndpointAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(second, await ada.Page.EvaluateAsync<string>("JSON.parse(localStorage.getItem('test-subscription')).endpoint"));
        // The next page finds the same one, and registers nothing.
        var registered = 0;
        ada.Page.Request += (_, request) => registered += request.Method == "POST" && request.Url.EndsWith("/account/devices", StringComparison.Ordinal) ? 1 : 0;
        await ada.Page.RunAndWaitForResponseAsync(() => ada.OpenRoomAsync(1), answer => answer.Url.EndsWith("/devices/current", StringComparison.Ordinal));
        await ada.Page.EvaluateAsync("async () => { await (await import('/js/notifications/notifications.js')).compareSubscription(); }");
        Assert.Equal(0, registered);

        // A page withdraws what was read, and not what is newer.
        var closed = await ada.Page.EvaluateAsync<int[]>(
            """
            async () => {
                const closed = [];
                ServiceWorkerRegistration.prototype.getNotifications = async () => [3, 5].map(sequence => ({ data: { sequence }, close: () => closed.push(sequence) }));
                await (await import("/js/notifications/calls.js")).withdraw(1, 4);
                return closed;
            }
            """);
        Assert.Equal([3], closed);

        async Task<string> EndpointAsync()
        {
            await using var database = new DirectDatabase(node.DataFolder);
            return (await database.Db.PushDevices.SingleAsync()).Endpoint;
        }
    }

    [Fact]
    public async Task A_subscription_that_the_browser_replaces_is_registered_by_its_worker_and_ends_without_a_session()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, service.Settings);
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        var tray = await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        await ada.Page.GotoAsync("account/notifications");
        await TurnOnAsync(ada);
        await tray.OpenAsync();
        var replacement = await ada.Page.EvaluateAsync<string>("async () => await subscribeAtService(await (await fetch('/account/devices/key')).text())");

        Assert.False(await tray.RenewAsync(replacement));

        await using var database = new DirectDatabase(node.DataFolder);
        var device = await database.Db.PushDevices.AsNoTracking().SingleAsync();
        Assert.Equal(JsonDocument.Parse(replacement).RootElement.GetProperty("endpoint").GetString(), device.Endpoint);
        await ada.Page.Context.ClearCookiesAsync();
        Assert.True(await tray.RenewAsync(replacement));
    }

    [Fact]
    public async Task Signing_out_ends_the_notifications_of_this_browser()
    {
        await using var service = await PushService.StartAsync();
        await using var node = await HostedNode.StartAsync(null, service.Settings);
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        await ada.Page.GotoAsync("account/notifications");
        await TurnOnAsync(ada);

        // A page that is left while it connects is refused its circuit, which the console shows.
        await ada.OpenRoomAsync(1);
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await ForgottenAsync(ada);

        await ada.SignInAsync();
        await ada.Page.GotoAsync("account/notifications");
        await Expect(TurnOn(ada)).ToBeVisibleAsync();
        await Expect(ada.Page.GetByRole(AriaRole.List, new() { Name = "Devices" })).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("delete window.PushManager", "This browser doesn't support notifications.")]
    [InlineData("delete window.PushManager; Object.defineProperty(navigator, 'standalone', { value: false })", "On an iPhone or iPad, add this site to your Home Screen first and open it from there.")]
    [InlineData("Object.defineProperty(Notification, 'permission', { value: 'denied' })", "Your browser blocks notifications of this site. Allow them in its settings for this site, then reload this page.")]
    [InlineData("Object.defineProperty(window, 'isSecureContext', { value: false })", "Notifications need an https address.")]
    public async Task A_browser_that_cannot_show_notifications_says_why(string script, string reason)
    {
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada", width: 360, height: 740, scheme: ColorScheme.Dark);
        await ada.SetUpSiteAsync();
        await ada.Page.Context.AddInitScriptAsync(script);

        await ada.Page.GotoAsync("account/notifications");

        await Expect(ada.Page.GetByText(reason, new() { Exact = true })).ToBeVisibleAsync();
        await Expect(TurnOn(ada)).ToBeHiddenAsync();
        await ada.AssertAccessibleAsync();
    }

    [Fact]
    public async Task An_error_while_turning_on_is_shown()
    {
        await using var service = await PushService.StartAsync();
        // The service is not an allowed one.
        await using var node = await HostedNode.StartAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada", width: 360, height: 740, scheme: ColorScheme.Dark);
        await NotificationTray.PrepareAsync(ada, node.Address, service);
        await ada.SetUpSiteAsync();
        await ada.Page.GotoAsync("account/notifications");

        await ada.ScreenshotAsync("devices-narrow-dark");
        await TurnOn(ada).ClickAsync();
        await Expect(ada.Page.Locator("[data-push-error]")).ToHaveTextAsync("This server doesn't send to the push service of your browser.");
        await Expect(TurnOn(ada)).ToBeVisibleAsync();
        await ForgottenAsync(ada);

        await ada.Page.EvaluateAsync("() => { PushManager.prototype.subscribe = async () => { throw new DOMException('push service error', 'AbortError'); }; }");
        await TurnOn(ada).ClickAsync();
        await Expect(ada.Page.GetByText("Notifications couldn't be turned on.")).ToBeVisibleAsync();
        await Expect(TurnOn(ada)).ToBeEnabledAsync();

        await ada.Page.EvaluateAsync("localStorage.setItem('test-permission', 'denied')");
        await TurnOn(ada).ClickAsync();
        await Expect(ada.Page.GetByText("Your browser blocks notifications of this site.")).ToBeVisibleAsync();
    }

    private static ILocator TurnOn(Person person) =>
        person.Page.GetByRole(AriaRole.Button, new() { Name = "Turn on notifications on this device" });

    private static async Task TurnOnAsync(Person person)
    {
        await TurnOn(person).ClickAsync();
        await Expect(person.Page.GetByText("Notifications are on for this device.")).ToBeVisibleAsync();
    }

    /// <summary>Returns when the browser has ended its subscription.</summary>
    private static async Task ForgottenAsync(Person person) =>
        await person.Page.WaitForFunctionAsync("() => localStorage.getItem('test-subscription') === null");

    private static string Message(int sequence, string body, int revision, int room = 1, bool replaces = false) => JsonSerializer.Serialize(new
    {
        v = 1,
        kind = "message",
        tag = $"room-{room}-{sequence}",
        title = "Zoe in General",
        body,
        url = $"/rooms/{room}#m-{sequence}",
        badge = 3,
        revision,
        replaces,
    });
}
