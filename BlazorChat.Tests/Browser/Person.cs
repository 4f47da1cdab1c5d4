using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>
/// Somebody at a browser, by what they do and see. Every wait is bounded by <see cref="TestWait.Limit"/>. Disposing fails when the
/// browser's console held an error, which is how a violated content security policy or a broken script shows. A test that causes an error, such as
/// a lost connection, adds a part of its text to <see cref="ExpectedErrors"/>.
/// </summary>
/// <example>
/// <code>
/// await using var ada = await browser.NewPersonAsync(site.Node.Address, "Ada");
/// await using var zoe = await browser.NewPersonAsync(site.Node.Address, "Zoe");
/// await ada.BringSessionAsync(site.Ada, site.Node.Address);
/// await zoe.BringSessionAsync(visitor, site.Node.Address);
/// await ada.OpenRoomAsync(room.Id);
/// await zoe.OpenRoomAsync(room.Id);
/// await ada.SendMessageAsync("hello");
/// await zoe.SeesAsync("hello");
/// await zoe.AssertAccessibleAsync();
/// </code>
/// </example>
public sealed partial class Person : IAsyncDisposable
{
    private const string Password = "correct horse battery";

    private readonly List<string> _errors = [];

    private readonly bool _isTouch;

    /// <param name="isTouch">On a phone, where Enter makes a line.</param>
    internal Person(string name, IPage page, bool isTouch = false)
    {
        _isTouch = isTouch;
        Name = name;
        Page = page;
        page.Console += (_, message) => Note(message.Type == "error" ? message.Text : null);
        page.PageError += (_, error) => Note(error);
        page.WebSocket += (_, socket) => Sockets.Add(socket.Url);
    }

    /// <summary>The name that forms are filled with.</summary>
    public string Name { get; }

    /// <summary>The page of the browser, for what has no verb here.</summary>
    public IPage Page { get; }

    /// <summary>Parts of console errors that belong to what the test does, like a lost connection.</summary>
    public List<string> ExpectedErrors { get; } = [];

    /// <summary>The addresses of the WebSockets that their pages have opened.</summary>
    public List<string> Sockets { get; } = [];

    /// <summary>What waits to be sent.</summary>
    public ILocator Outbox => Page.GetByRole(AriaRole.List, new() { Name = "Waiting to be sent" });

    public ILocator Composer => Page.Locator(".composer textarea");

    private string Email => $"{Name.ToLowerInvariant()}@example.org";


    /// <summary>Fills in the first run's form, wherever in a new site one begins; returns the invitation link.</summary>
    public async Task<string> SetUpSiteAsync()
    {
        await Page.GotoAsync("rooms/1");
        await FillAccountAsync("Create");
        // The step after it would send a first message to the room.
        await Page.WaitForURLAsync("**/setup/site");
        await Page.GotoAsync("admin/invitations");
        return await Page.Locator("#invitation-link").InnerTextAsync();
    }

    /// <summary>Creates an account by an invitation link, under the person's name.</summary>
    public async Task JoinByInvitationAsync(string link)
    {
        await Page.GotoAsync(link);
        await FillAccountAsync("Join");
        await Page.GetByRole(AriaRole.Heading, new() { Name = "General" }).WaitForAsync();
    }

    /// <summary>Signs in by the form.</summary>
    public async Task SignInAsync()
    {
        await Page.GotoAsync("account/login");
        await Page.GetByLabel("Email").FillAsync(Email);
        await Page.GetByLabel("Password").FillAsync(Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Heading, new() { Name = "All rooms" }).WaitForAsync();
    }

    /// <summary>Signs in with the session of a visitor of the same node, without a form. Call it before a page is opened.</summary>
    public Task BringSessionAsync(FormClient visitor, Uri node) => Page.Context.AddCookiesAsync(
        visitor.Cookies.GetCookies(node).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = node.ToString() }));

    /// <summary>Opens a room by its address and waits until one can write in it and act on its messages.</summary>
    public async Task OpenRoomAsync(int id)
    {
        await Page.GotoAsync($"rooms/{id}");
        await ReadyToWriteAsync();
        // Rows have their actions when the script of their list is attached.
        await Page.Locator(".messages[data-placed]").First.WaitForAsync();
    }

    /// <summary>Returns when the composer's script is attached, so that no key is lost.</summary>
    public Task ReadyToWriteAsync() => Page.Locator(".composer[data-ready]").WaitForAsync();

    /// <summary>Types a message and sends it: by Enter, or on a phone by the button.</summary>
    public async Task SendMessageAsync(string text)
    {
        await Composer.FillAsync(text);
        await SendAsync();
    }

    /// <summary>Sends what is written.</summary>
    public Task SendAsync() => _isTouch ? Page.Locator(".composer [data-send]").TapAsync() : Composer.PressAsync("Enter");

    /// <summary>Returns when a message with this text is in the room's log.</summary>
    public Task SeesAsync(string text) =>
        Page.GetByRole(AriaRole.Log).Locator("article").Filter(new() { HasText = text }).First.WaitForAsync();

    /// <summary>The texts of the messages on the page, from the top.</summary>
    public async Task<IReadOnlyList<string>> MessagesAsync() =>
        await Page.GetByRole(AriaRole.Log).Locator("article .message-text").AllInnerTextsAsync();

    /// <summary>The same, each on one line, with the note that it was edited.</summary>
    public async Task<IEnumerable<string>> LinesAsync() =>
        (await MessagesAsync()).Select(text => string.Join(' ', text.Split(null as char[], StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The row of the message with this sequence.</summary>
    public ILocator Message(int sequence) => Page.Locator($"#m-{sequence}");

    /// <summary>A button of the toolbar over the message that has the mouse or the focus, or was pressed long.</summary>
    public ILocator Action(string name) =>
        Page.GetByRole(AriaRole.Toolbar, new() { Name = "Message actions" }).GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The same for an action of the menu at the end of the toolbar, which it opens.</summary>
    public async Task<ILocator> MenuActionAsync(string name)
    {
        await Action("More actions").ClickAsync();
        return Action(name);
    }

    /// <summary>Presses long with a finger, as the browser's input gets it.</summary>
    public async Task PressLongAsync(ILocator target)
    {
        // Waits until the target is in view and has stopped moving, as the drawer of a phone does when it opens.
        await target.TapAsync(new() { Trial = true });
        var box = (await target.BoundingBoxAsync())!;
        var input = await Page.Context.NewCDPSessionAsync(Page);
        await input.SendAsync("Input.synthesizeTapGesture", new()
        {
            ["x"] = box.X + 100,
            ["y"] = box.Y + (box.Height / 2),
            ["duration"] = 700,
            ["gestureSourceType"] = "touch",
        });
    }

    /// <summary>What the composer holds.</summary>
    public Task<string> DraftAsync() => Composer.InputValueAsync();

    /// <summary>Creates a room and lands in it.</summary>
    public async Task CreateRoomAsync(string name, bool isPrivate = false)
    {
        await Page.GotoAsync("");
        await Page.Locator(".room-list[data-ready]").WaitForAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "New room" }).ClickAsync();
        var dialog = Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox, new() { Name = "Name" }).FillAsync(name);
        if (isPrivate)
            await dialog.GetByRole(AriaRole.Checkbox).CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
    }

    /// <summary>Fails when an audit of the page finds something serious or critical.</summary>
    public async Task AssertAccessibleAsync()
    {
        var findings = await Page.RunAxe();
        Assert.Empty(findings.Violations
            .Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {violation.Nodes[0].Html}"));
    }

    /// <summary>Saves what the person sees under artifacts/screenshots.</summary>
    public Task ScreenshotAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Node.Repository, "artifacts", "screenshots", $"{name}.png"),
        Animations = ScreenshotAnimations.Disabled,
    });

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.Empty(_errors);
    }

    private void Note(string? error)
    {
        if (error is not null && !ExpectedErrors.Any(error.Contains))
            _errors.Add(error);
    }

    private async Task FillAccountAsync(string button)
    {
        await Page.GetByLabel("Your name").FillAsync(Name);
        await Page.GetByLabel("Email").FillAsync(Email);
        await Page.GetByLabel("Password").FillAsync(Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
    }
}
