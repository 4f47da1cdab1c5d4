using System.Text.Json;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Notifications;

/// <summary>
/// The notifications of a person's browser. The service worker and the delivery of a push are the browser's own. What shows notifications, asks for
/// the permission and subscribes is not in the build without windows, so scripts stand in for it; a subscription is one at a <see cref="PushService"/>.
/// Prepare it before the first page is opened, and open it when a page has registered the worker. Every wait has the timeout of <see cref="TestWait"/>.
/// </summary>
/// <example>
/// <code>
/// await using var service = await PushService.StartAsync();
/// await using var node = await HostedNode.StartAsync(null, service.Settings);
/// await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
/// var tray = await NotificationTray.PrepareAsync(ada, node.Address, service);
/// await ada.SetUpSiteAsync();
/// // … Ada turns notifications on at account/notifications, which registers the worker …
/// await tray.OpenAsync();
/// await tray.DeliverAsync((await service.ReceiveAsync("Ada")).Text);
/// Assert.Equal("Zoe in General", Assert.Single(await tray.ReadAsync()).Title);
/// </code>
/// </example>
internal sealed class NotificationTray
{
    /// <summary>What a page has: the permission, and the subscription, which outlive it.</summary>
    private const string PageScript =
        """
        Object.defineProperty(Notification, "permission", { get: () => localStorage.getItem("test-permission") ?? "default" });
        Notification.requestPermission = async () => {
            if (Notification.permission === "default") localStorage.setItem("test-permission", "granted");
            return Notification.permission;
        };
        const stored = () => {
            const json = localStorage.getItem("test-subscription");
            return json === null ? null : {
                endpoint: JSON.parse(json).endpoint,
                toJSON: () => JSON.parse(json),
                unsubscribe: async () => localStorage.removeItem("test-subscription"),
            };
        };
        PushManager.prototype.getSubscription = async () => stored();
        PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
            if (!userVisibleOnly) throw new DOMException("Pushes must be visible.", "NotAllowedError");
            localStorage.setItem("test-subscription", await subscribeAtService(applicationServerKey));
            return stored();
        };
        ServiceWorkerRegistration.prototype.getNotifications = async () => [];
        """;

    /// <summary>What the worker has: the tray and the badge of the person, and the end of the next event.</summary>
    private const string WorkerScript =
        """
        {
            const tray = new Map();
            let next = Promise.withResolvers();
            self.test = {
                badge: null,
                focused: 0,
                shown: () => [...tray.values()].map(({ tag, title, body }) => ({ tag, title, body })),
                click: tag => openClicked(tray.get(tag)),
                dismiss: tag => tray.delete(tag),
                nextEvent: () => next.promise,
            };
            registration.showNotification = async (title, options) => {
                tray.set(options.tag, { ...options, title, close: () => tray.delete(options.tag) });
            };
            registration.getNotifications = async ({ tag }) => [...tray.values()].filter(notification => notification.tag === tag);
            const focus = WindowClient.prototype.focus;
            WindowClient.prototype.focus = function () {
                test.focused++;
                return focus.call(this);
            };
            navigator.setAppBadge = async number => { test.badge = number; };
            navigator.clearAppBadge = async () => { test.badge = 0; };
            const waitUntil = ExtendableEvent.prototype.waitUntil;
            ExtendableEvent.prototype.waitUntil = function (work) {
                waitUntil.call(this, work);
                work.then(next.resolve, next.reject);
                next = Promise.withResolvers();
            };
            undefined;
        }
        """;

    private readonly Person _person;
    private readonly string _origin;
    private WorkerConsole _worker = null!;
    private ICDPSession _devtools = null!;
    private string _registration = "";

    private NotificationTray(Person person, Uri node) => (_person, _origin) = (person, node.GetLeftPart(UriPartial.Authority));

    /// <summary>Prepares the pages that the person opens from now on.</summary>
    public static async Task<NotificationTray> PrepareAsync(Person person, Uri node, PushService service)
    {
        await person.Page.Context.ExposeFunctionAsync("subscribeAtService", async (string key) =>
        {
            var subscription = await service.SubscribeAsync(person.Name, key);
            return JsonSerializer.Serialize(new { endpoint = subscription.Endpoint, keys = new { p256dh = subscription.P256dh, auth = subscription.Auth } });
        });
        await person.Page.Context.AddInitScriptAsync(PageScript);
        return new NotificationTray(person, node);
    }

    /// <summary>Attaches to the service worker, which the person has registered.</summary>
    /// <exception cref="TimeoutException">No worker was registered.</exception>
    public async Task OpenAsync()
    {
        await _person.Page.EvaluateAsync("async () => { await navigator.serviceWorker.ready; }");
        _worker = await WorkerConsole.AttachAsync(_person.Page.Context.Browser!, _origin);
        await _worker.EvaluateAsync(WorkerScript);
        _devtools = await _person.Page.Context.NewCDPSessionAsync(_person.Page);
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _devtools.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, json) =>
        {
            foreach (var registration in json!.Value.GetProperty("registrations").EnumerateArray())
                found.TrySetResult(registration.GetProperty("registrationId").GetString()!);
        };
        await _devtools.SendAsync("ServiceWorker.enable");
        _registration = await found.Task.WaitAsync(TestWait.Limit);
    }

    /// <summary>Returns when the open page answers its worker.</summary>
    public Task PageAnswersAsync() => _worker.EvaluateAsync(
        "(async () => { while (await ask((await findPages())[0], { kind: 'where' }) === undefined); })()");

    /// <summary>The browser receives a push; returns when its worker has handled it.</summary>
    public async Task DeliverAsync(string payload)
    {
        await _worker.EvaluateAsync("void (test.handling = test.nextEvent())");
        await _devtools.SendAsync(
            "ServiceWorker.deliverPushMessage", new() { ["origin"] = _origin, ["registrationId"] = _registration, ["data"] = payload });
        await _worker.EvaluateAsync("test.handling.then(() => undefined)");
    }

    /// <summary>The notifications in the tray: tag, title, text.</summary>
    public async Task<IReadOnlyList<(string Tag, string Title, string Body)>> ReadAsync() =>
    [
        .. (await _worker.EvaluateAsync("test.shown()")).EnumerateArray().Select(notification => (
            notification.GetProperty("tag").GetString()!, notification.GetProperty("title").GetString()!, notification.GetProperty("body").GetString()!)),
    ];

    /// <summary>The number on the icon of the app; null before the first one.</summary>
    public async Task<int?> ReadBadgeAsync() =>
        await _worker.EvaluateAsync("test.badge") is { ValueKind: JsonValueKind.Number } badge ? badge.GetInt32() : null;

    /// <summary>Whether the windows of the site have the focus: a window of a browser without windows has none.</summary>
    public Task SetFocusAsync(bool hasFocus) => _worker.EvaluateAsync(
        $"void Object.defineProperty(WindowClient.prototype, 'focused', {{ configurable: true, get: () => {(hasFocus ? "true" : "false")} }})");

    /// <summary>How often the worker has asked for the focus of a page.</summary>
    public async Task<int> ReadFocusedAsync() => (await _worker.EvaluateAsync("test.focused")).GetInt32();

    /// <summary>The browser has replaced its subscription; returns when the worker has handled it.</summary>
    /// <returns>Whether the worker has ended the new subscription.</returns>
    public async Task<bool> RenewAsync(string subscription) => (await _worker.EvaluateAsync(
        $$"""
        (async () => {
            let hasEnded = false;
            const newSubscription = { toJSON: () => ({{subscription}}), unsubscribe: async () => hasEnded = true };
            await renew({ oldSubscription: null, newSubscription });
            return hasEnded;
        })()
        """)).GetBoolean();

    /// <summary>The person removes a notification from the tray.</summary>
    public Task DismissAsync(string tag) => _worker.EvaluateAsync($"test.dismiss('{tag}')");

    /// <summary>The person clicks a notification; returns when the worker has handled it.</summary>
    public Task ClickAsync(string tag) => _worker.EvaluateAsync($"test.click('{tag}').then(() => undefined)");
}
