using System.Security.Claims;
using BlazorChat.Liveblogs;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Liveblogs;

/// <summary>
/// A node with pages, and the services of another node over the same database and Redis, by which tests write. Ada is the admin; Max and Zoe are
/// members.
/// </summary>
public sealed class LiveblogSite : IAsyncLifetime
{
    /// <summary>Parts of the errors in a browser's console while the node is down.</summary>
    public static readonly string[] Outage = ["WebSocket", "ERR_", "Connection", "Failed to", "circuit", "Cannot send data", "503", "connection"];

    private readonly Dictionary<string, FormClient> _visitors = [];
    private RedisServer _redis = default!;

    public Node Node { get; private set; } = default!;

    public TestDatabase Database { get; private set; } = default!;

    /// <summary>Ada, for writes by the services.</summary>
    public ClaimsPrincipal Admin { get; } = TestDatabase.SignIn(1, "Ada");

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        Database = await TestDatabase.CreateAsync(_redis.ConnectionString);
        Node = await Database.StartHostedAsync();
        var invitation = await Visitor("Ada").SetUpAsync("Ada");
        foreach (var name in new[] { "Max", "Zoe" })
            (await Visitor(name).JoinAsync(invitation, name)).Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in _visitors.Values)
            visitor.Dispose();
        await Node.DisposeAsync();
        await Database.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>Creates a liveblog and starts it.</summary>
    public Task<LiveblogView> StartLiveblogAsync(string slug, string title) => Database.StartLiveblogAsync(Admin, slug, title);

    /// <summary>Publishes a post, as Ada.</summary>
    public Task<LiveblogPostView> PostAsync(LiveblogView liveblog, string text, string title = "", bool isKeyEvent = false) =>
        Database.PostAsync(Admin, liveblog, text, title, isKeyEvent);

    /// <summary>Publishes a number of posts of a few lines.</summary>
    public async Task<IReadOnlyList<LiveblogPostView>> PostManyAsync(LiveblogView liveblog, int count)
    {
        var posts = new List<LiveblogPostView>();
        for (var i = 1; i <= count; i++)
            posts.Add(await PostAsync(liveblog, $"Post number {i}.\n\nIt says a little more, so that it takes some room on the page."));
        return posts;
    }

    /// <summary>Creates a liveblog with posts of all kinds, for screenshots.</summary>
    public async Task<LiveblogView> StartElectionAsync(string slug)
    {
        var liveblog = await StartLiveblogAsync(slug, "Election night: the counting begins");
        await Database.Lifecycle.DescribeAsync(Admin, liveblog.Id, liveblog.Title, "Polling stations close at six. Results, reactions and numbers as they come in, from our reporters in all regions.", default);
        await PostAsync(liveblog, "The first stations report **short queues**.\n\nIn the north it rains.", "Polling stations are open", isKeyEvent: true);
        await PostAsync(liveblog, "> We have never seen so many people this early.\n\nSaid by an observer in the capital.");
        var pinned = await PostAsync(liveblog, "- Stations close at **18:00**\n- First numbers at 18:01\n- A result is not expected before midnight", "What happens when");
        await PostAsync(liveblog, "| Region | Turnout |\n|---|---|\n| North | 61 % |\n| South | 58 % |\n\nSee [the details](https://example.org/a-very-long-address-that-would-not-fit-on-a-phone-if-it-did-not-break).", "The stations have closed", isKeyEvent: true);
        var edited = await PostAsync(liveblog, "서울에서 개표가 시작되었습니다.");
        await Database.EditPostAsync(Admin, liveblog, edited.Id, "서울에서 개표가 시작되었습니다. Counting has begun in Seoul.");
        await Database.Editing.PinAsync(Admin, liveblog.Id, pinned.Id, true, default);
        return liveblog;
    }

    /// <summary>Opens a browser with a signed-in person.</summary>
    /// <param name="node">The node that they use; null for the node of the site.</param>
    public async Task<Person> SignInAsync(
        BrowserFixture browser, string name, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, string? locale = null, string? zone = null, Node? node = null)
    {
        var person = await browser.NewPersonAsync((node ?? Node).Address, name, width, height, scheme, locale: locale, zone: zone);
        await person.BringSessionAsync(Visitor(name), Node.Address);
        return person;
    }

    private FormClient Visitor(string name)
    {
        if (!_visitors.TryGetValue(name, out var visitor))
            _visitors[name] = visitor = new FormClient(Node.Address);
        return visitor;
    }
}
