using System.Security.Claims;
using BlazorChat.Liveblogs;
using BlazorChat.Tests.Support;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>
/// One node as a process and one in the test, over one database and one Redis: what the test writes, readers at the process see.
/// Ada is its admin; Max and Zoe are members.
/// </summary>
public sealed class LiveblogPlace : IAsyncLifetime
{
    private readonly Dictionary<string, FormClient> _visitors = [];
    private RedisServer _redis = default!;

    public NodeProcess Node { get; private set; } = default!;

    public TestDatabase Database { get; private set; } = default!;

    /// <summary>Ada, for what the test writes itself.</summary>
    public ClaimsPrincipal Admin { get; } = TestDatabase.SignIn(1, "Ada", isAdmin: true);

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        Database = await TestDatabase.CreateAsync(_redis.ConnectionString);
        Node = await Database.StartProcessAsync();
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

    /// <summary>A liveblog that has started.</summary>
    public async Task<LiveblogView> StartLiveblogAsync(string slug, string title)
    {
        var liveblog = await Database.Liveblogs.CreateAsync(Admin, title, slug, default);
        return await Database.Liveblogs.StartAsync(Admin, liveblog.Id, default);
    }

    /// <summary>Publishes a post, as Ada.</summary>
    public Task<LiveblogPostView> PostAsync(LiveblogView liveblog, string text, string title = "", bool isKeyEvent = false) =>
        Database.PostAsync(Admin, liveblog, text, title, isKeyEvent);

    /// <summary>Publishes as many posts, of a few lines each.</summary>
    public async Task<IReadOnlyList<LiveblogPostView>> PostManyAsync(LiveblogView liveblog, int count)
    {
        var posts = new List<LiveblogPostView>();
        for (var i = 1; i <= count; i++)
            posts.Add(await PostAsync(liveblog, $"Post number {i}.\n\nIt says a little more, so that it takes some room on the page."));
        return posts;
    }

    /// <summary>Makes somebody a browser in which they are signed in already.</summary>
    public async Task<Person> SignInAsync(
        BrowserFixture browser, string name, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        var person = await browser.NewPersonAsync(Node.Address, name, width, height, scheme);
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
