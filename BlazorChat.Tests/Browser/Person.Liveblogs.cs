using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>What a person does and sees in liveblogs.</summary>
/// <example>
/// <code>
/// await ada.CreateLiveblogAsync("Election night", "election");
/// await ada.StartLiveblogAsync();
/// await ada.WritePostAsync("First results", "The count **begins**.");
/// await ada.PublishAsync();
/// await reader.ReadLiveblogAsync("election");
/// await Expect(reader.Post("First results")).ToHaveCountAsync(1);
/// </code>
/// </example>
public sealed partial class Person
{
    /// <summary>The form in which posts are written.</summary>
    public ILocator PostForm => Page.Locator(".post-form");

    public ILocator Headline => Page.GetByLabel("Headline");

    public ILocator PostText => Page.GetByLabel("Text", new() { Exact = true });

    /// <summary>The preview of the text.</summary>
    public ILocator Preview => PostForm.Locator("[data-preview]");

    /// <summary>The result of a command of the form.</summary>
    public ILocator FormStatus => PostForm.Locator(".post-form-done");

    public ILocator FormError => PostForm.Locator(".error");

    /// <summary>The note that names other editors of the open post.</summary>
    public ILocator OtherEditors => PostForm.Locator(".post-form-others");

    public ILocator Drafts => Page.Locator("[data-draft]");

    /// <summary>The draft that contains a text.</summary>
    public ILocator Draft(string text) => Drafts.Filter(new() { HasText = text });

    /// <summary>The button that opens a draft in the form.</summary>
    public static ILocator Open(ILocator draft) => draft.GetByRole(AriaRole.Button, new() { Name = "Open" });

    public ILocator History => Page.GetByRole(AriaRole.Region, new() { Name = "Post history" });

    /// <summary>All posts on the page; the pinned one is the first.</summary>
    public ILocator Posts => Page.Locator("article[data-post]");

    public ILocator PinnedPost => Page.Locator("[data-pinned-area] article");

    public ILocator KeyEvents => Page.GetByRole(AriaRole.Region, new() { Name = "Key events" }).GetByRole(AriaRole.Listitem);

    /// <summary>The button that shows the posts that arrived while the page was scrolled.</summary>
    public ILocator NewPosts => Page.Locator(".new-posts");

    /// <summary>The announcement for screen readers.</summary>
    public ILocator Announcement => Page.Locator("[role=status][data-announcement]");

    /// <summary>The notice about the connection to the liveblog.</summary>
    public ILocator Notice => Page.Locator(".liveblog-notice");

    public ILocator OlderPosts => Page.GetByRole(AriaRole.Link, new() { Name = "Older posts" });

    /// <summary>Creates a liveblog, and waits for its editor.</summary>
    public async Task CreateLiveblogAsync(string title, string slug)
    {
        await Page.GotoAsync("liveblogs");
        await Page.GetByLabel("Title").FillAsync(title);
        await Page.GetByLabel("Address").FillAsync(slug);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create draft" }).ClickAsync();
        await ReadyToPostAsync();
    }

    /// <summary>Starts the liveblog that is open.</summary>
    public async Task StartLiveblogAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start liveblog" }).ClickAsync();
        await Page.Locator(".liveblog-mark.liveblog-live").WaitForAsync();
        await ReadyToPostAsync();
    }

    /// <summary>Opens a liveblog as a reader.</summary>
    public async Task ReadLiveblogAsync(string slug)
    {
        await Page.GotoAsync($"liveblogs/{slug}");
        await Page.Locator("[data-liveblog]").WaitForAsync();
    }

    /// <summary>Opens a liveblog as an editor, and waits for the editor.</summary>
    public async Task OpenEditorAsync(string slug)
    {
        await ReadLiveblogAsync(slug);
        await ReadyToPostAsync();
    }

    public Task ReadyToPostAsync() => Page.Locator(".desk[data-ready]").WaitForAsync();

    /// <summary>Fills the form.</summary>
    public async Task WritePostAsync(string headline, string text)
    {
        await Headline.FillAsync(headline);
        await PostText.FillAsync(text);
    }

    /// <summary>Publishes the new post in the form, or saves the open one, and waits for the result.</summary>
    public async Task PublishAsync()
    {
        await PostForm.Locator("[data-publish]").ClickAsync();
        await Assertions.Expect(FormStatus).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^(Published|Saved)\\.$"));
    }

    /// <summary>Presses a button of the form.</summary>
    public Task PressAsync(string name) => PostForm.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>The post that contains a text.</summary>
    public ILocator Post(string text) => Posts.Filter(new() { HasText = text });

    /// <summary>The headlines of the posts on the page, or the first paragraphs, from the top.</summary>
    public async Task<IReadOnlyList<string>> PostsAsync() => await Page.EvaluateAsync<string[]>("""
        [...document.querySelectorAll("article[data-post]")].map(
            post => (post.querySelector(".post-title") ?? post.querySelector(".post-text").firstElementChild).textContent)
        """);

    /// <summary>The cards of links to known services.</summary>
    public ILocator Cards => Page.Locator("[data-embed]");

    /// <summary>
    /// Answers requests to all other machines with a player, so that none leaves this machine.
    /// </summary>
    /// <returns>The addresses that were requested.</returns>
    public async Task<IReadOnlyList<string>> StandInForServicesAsync()
    {
        var requested = new List<string>();
        await Page.Context.RouteAsync(url => !new Uri(url).IsLoopback, route =>
        {
            requested.Add(route.Request.Url);
            return route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>player</title><button>Play</button>" });
        });
        return requested;
    }

    /// <summary>A command of an editor on a post.</summary>
    public static ILocator Command(ILocator post, string name) => post.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Deletes a post, and confirms it.</summary>
    public async Task DeleteAsync(ILocator post)
    {
        await Command(post, "Delete").ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
    }

    /// <summary>Scrolls an element to the top of the window.</summary>
    public static Task ScrollToAsync(ILocator locator) => locator.EvaluateAsync("element => element.scrollIntoView({ block: 'start', behavior: 'instant' })");

    /// <summary>The distance of an element from the top of the window, in CSS pixels.</summary>
    public static Task<double> TopOfAsync(ILocator locator) => locator.EvaluateAsync<double>("element => element.getBoundingClientRect().top");

    /// <summary>Asserts that the page is accessible, and fits a width in CSS pixels.</summary>
    public async Task AssertGoodAtAsync(int width)
    {
        await AssertAccessibleAsync();
        Assert.InRange(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);
    }
}
