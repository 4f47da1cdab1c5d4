using System.Net;
using System.Security.Claims;
using BlazorChat.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Liveblogs;

/// <summary>A node with an admin, Ada, and the services of another node, the desk, which writes. Each test creates its own liveblog.</summary>
public sealed class ReaderSite : IAsyncLifetime
{
    internal TestDatabase Desk { get; private set; } = default!;

    public Node Node { get; private set; } = default!;

    public FormClient Admin { get; private set; } = default!;

    public FormClient Anonymous { get; private set; } = default!;

    /// <summary>The admin, for the services of the desk.</summary>
    public ClaimsPrincipal Ada { get; private set; } = default!;

    public async ValueTask InitializeAsync()
    {
        Desk = await TestDatabase.CreateAsync();
        Node = await Desk.StartHostedAsync();
        Admin = new FormClient(Node.Address);
        Anonymous = new FormClient(Node.Address);
        await Admin.SetUpAsync();
        await using var db = await Desk.OpenAsync();
        Ada = TestDatabase.SignIn(await db.Users.Where(user => user.DisplayName == "Ada").Select(user => user.Id).SingleAsync(), "Ada");
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Anonymous.Dispose();
        await Node.DisposeAsync();
        await Desk.DisposeAsync();
    }

    /// <summary>Creates an account at the node.</summary>
    public async Task<FormClient> JoinAsync(string name)
    {
        var person = new FormClient(Node.Address);
        using var joined = await person.JoinAsync(await Admin.GetInvitationAsync(), name);
        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        return person;
    }

    public Task<LiveblogView> DraftAsync(string slug, string title = "Launch") => Desk.Lifecycle.CreateAsync(Ada, title, slug, default);

    public Task<LiveblogView> StartAsync(string slug, string title = "Launch") => Desk.StartLiveblogAsync(Ada, slug, title);

    public Task<LiveblogPostView> PostAsync(LiveblogView liveblog, string text, string title = "", bool isKeyEvent = false) =>
        Desk.PostAsync(Ada, liveblog, text, title, isKeyEvent);
}

/// <summary>The tests that share one <see cref="ReaderSite"/>; they run one after the other.</summary>
[CollectionDefinition(nameof(ReaderSite))]
public sealed class SharedReaderSite : ICollectionFixture<ReaderSite>;
