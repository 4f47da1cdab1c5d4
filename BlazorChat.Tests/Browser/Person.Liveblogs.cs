using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser;

/// <summary>What they do with liveblogs, and see of them.</summary>
public sealed partial class Person
{
    /// <summary>The form in which posts are written.</summary>
    public ILocator PostForm => Page.Locator(".post-form");

    public ILocator Headline => Page.GetByLabel("Headline");

    public ILocator PostText => Page.GetByLabel("Text", new() { Exact = true });

    /// <summary>How the text will look.</summary>
    public ILocator Preview => PostForm.Locator("[data-preview]");

    /// <summary>What the form says of what became of it.</summary>
    public ILocator FormStatus => PostForm.Locator(".post-form-done");

    public ILocator FormError => PostForm.Locator(".error");

    /// <summary>Who else changes the post that is in the form.</summary>
    public ILocator OtherEditors => PostForm.Locator(".post-form-others");

    public ILocator Drafts => Page.Locator("[data-draft]");

    /// <summary>The draft with this text in it.</summary>
    public ILocator Draft(string text) => Drafts.Filter(new() { HasText = text });

    /// <summary>Puts a draft into the form.</summary>
    public static ILocator Open(ILocator draft) => draft.GetByRole(AriaRole.Button, new() { Name = "Open" });

    public ILocator History => Page.GetByRole(AriaRole.Region, new() { Name = "History of the post" });

    /// <summary>All posts on the page; a pinned one is the first.</summary>
    public ILocator Posts => Page.Locator("article[data-post]");

    public ILocator PinnedPost => Page.Locator("[data-pinned-place] article");

    public ILocator KeyEvents => Page.GetByRole(AriaRole.Region, new() { Name = "Key events" }).GetByRole(AriaRole.Listitem);

    /// <summary>Shows what has come while one was reading further down.</summary>
    public ILocator NewPosts => Page.Locator(".new-posts");

    /// <summary>What is told to who does not see the page.</summary>
    public ILocator Announcement => Page.Locator("[role=status][data-said]");

    /// <summary>How it stands with following the liveblog.</summary>
    public ILocator Notice => Page.Locator(".liveblog-notice");

    public ILocator OlderPosts => Page.GetByRole(AriaRole.Link, new() { Name = "Older posts" });

    /// <summary>Creates a liveblog and lands in its editor.</summary>
    public async Task CreateLiveblogAsync(string title, string slug)
    {
        await Page.GotoAsync("liveblogs");
        await Page.GetByLabel("Title").FillAsync(title);
        await Page.GetByLabel("Address").FillAsync(slug);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Create a draft" }).ClickAsync();
        await ReadyToPostAsync();
    }

    /// <summary>Lets readers see it.</summary>
    public async Task StartLiveblogAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start the liveblog" }).ClickAsync();
        await Page.Locator(".liveblog-mark.liveblog-live").WaitForAsync();
        await ReadyToPostAsync();
    }

    /// <summary>Reads a liveblog; what happens after the page was made comes to it.</summary>
    public async Task ReadLiveblogAsync(string slug)
    {
        await Page.GotoAsync($"liveblogs/{slug}");
        await Page.Locator("[data-liveblog]").WaitForAsync();
    }

    /// <summary>Opens a liveblog that one may write in, and waits until one can.</summary>
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

    /// <summary>Publishes what is in the form, or saves the post that is in it, and waits until it is done.</summary>
    public async Task PublishAsync()
    {
        await PostForm.Locator("[data-publish]").ClickAsync();
        await Assertions.Expect(FormStatus).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^(Published|Saved)\\.$"));
    }

    /// <summary>Presses a button of the form.</summary>
    public Task PressAsync(string name) => PostForm.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>The post with this text in it.</summary>
    public ILocator Post(string text) => Posts.Filter(new() { HasText = text });

    /// <summary>The headlines of the posts on the page, or how they begin, from the top.</summary>
    public async Task<IReadOnlyList<string>> PostsAsync() => await Page.EvaluateAsync<string[]>("""
        [...document.querySelectorAll("article[data-post]")].map(
            post => (post.querySelector(".post-title") ?? post.querySelector(".post-text").firstElementChild).textContent)
        """);

    /// <summary>The links to known services that can be shown in place.</summary>
    public ILocator Cards => Page.Locator("[data-embed]");

    /// <summary>
    /// Stands in for every other machine, so that nothing leaves this one: what is asked there is noted, and answered by a player.
    /// </summary>
    public async Task<IReadOnlyList<string>> StandInForServicesAsync()
    {
        var asked = new List<string>();
        await Page.Context.RouteAsync(url => !new Uri(url).IsLoopback, route =>
        {
            asked.Add(route.Request.Url);
            return route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><title>player</title><button>Play</button>" });
        });
        return asked;
    }

    /// <summary>What an editor can do with a post.</summary>
    public static ILocator Command(ILocator post, string name) => post.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Deletes a post, after the question whether to.</summary>
    public async Task DeleteAsync(ILocator post)
    {
        await Command(post, "Delete").ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
    }

    /// <summary>Scrolls until this is at the top of what one sees.</summary>
    public static Task ScrollToAsync(ILocator locator) => locator.EvaluateAsync("place => place.scrollIntoView({ block: 'start', behavior: 'instant' })");

    /// <summary>How far from the top of what one sees it is, in CSS pixels.</summary>
    public static Task<double> TopOfAsync(ILocator locator) => locator.EvaluateAsync<double>("place => place.getBoundingClientRect().top");

    /// <summary>Everybody can use the page, and it fits on a screen of this width, in CSS pixels.</summary>
    public async Task AssertGoodAtAsync(int width)
    {
        await AssertAccessibleAsync();
        Assert.InRange(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);
    }
}
