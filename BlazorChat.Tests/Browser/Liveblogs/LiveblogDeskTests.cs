using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Liveblogs;

/// <summary>The editor of liveblogs. All tests share one site, each with its own liveblog.</summary>
public sealed class LiveblogDeskTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    [Fact]
    public async Task B13_A_post_in_one_tab_is_not_lost_when_another_tab_publishes()
    {
        await site.StartLiveblogAsync("two-tabs", "In two tabs");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.OpenEditorAsync("two-tabs");
        await using var other = new Person("Ada", await ada.Page.Context.NewPageAsync());
        await other.OpenEditorAsync("two-tabs");
        await ada.WritePostAsync("Long", "long draft");

        await other.WritePostAsync("Short", "x");
        await other.PublishAsync();
        await ada.Page.ReloadAsync();
        await ada.ReadyToPostAsync();

        await Expect(ada.PostText).ToHaveValueAsync("long draft");
        await ada.PublishAsync();
        await ada.Page.ReloadAsync();
        await ada.ReadyToPostAsync();
        await Expect(ada.PostText).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Two_editors_of_one_post_see_each_other_and_lose_no_text()
    {
        var liveblog = await site.StartLiveblogAsync("desk", "At the desk");
        await site.PostAsync(liveblog, "as it was");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.Page.GotoAsync("liveblogs/desk/settings");
        await ada.Page.GetByLabel("Email of the new editor").FillAsync("max@example.org");
        await ada.Page.GetByRole(AriaRole.Button, new() { Name = "Add editor" }).ClickAsync();
        await ada.Page.GetByText("Editor added.").WaitForAsync();
        await using var max = await site.SignInAsync(browser, "Max");
        await ada.OpenEditorAsync("desk");
        await max.OpenEditorAsync("desk");

        await Person.Command(ada.Post("as it was"), "Edit").ClickAsync();
        await Expect(max.Post("as it was")).ToContainTextAsync("Ada is editing this post.");
        await Person.Command(max.Post("as it was"), "Edit").ClickAsync();
        await Expect(ada.OtherEditors).ToHaveTextAsync("Max is editing this post.");
        await Expect(max.OtherEditors).ToHaveTextAsync("Ada is editing this post.");
        await ada.PostText.FillAsync("as Ada **wrote** it");
        await max.PostText.FillAsync("as Max wrote it");
        await ada.PublishAsync();
        await Expect(max.OtherEditors).ToBeHiddenAsync();
        await max.PressAsync("Save");

        await Expect(max.FormError).ToContainTextAsync("Another editor has changed this post in the meantime.");
        await Expect(max.PostText).ToHaveValueAsync("as Max wrote it");
        await Expect(max.PostForm.Locator("[data-theirs-text]")).ToHaveTextAsync("as Ada wrote it");
        await max.ScreenshotAsync("liveblog-editor-conflict");
        await max.PublishAsync();
        await Expect(ada.Post("as Max wrote it")).ToHaveCountAsync(1);
        await Person.Command(ada.Post("as Max wrote it"), "History").ClickAsync();
        await Expect(ada.History.Locator(".desk-version")).ToHaveTextAsync(["as Max wrote it", "as Ada **wrote** it", "as it was"]);

        // All editors share the drafts.
        await ada.WritePostAsync("For later", "Not yet.");
        await ada.PressAsync("Save draft");
        await Expect(ada.FormStatus).ToHaveTextAsync("Draft saved.");
        await max.Drafts.Filter(new() { HasText = "For later" }).GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Expect(max.PostText).ToHaveValueAsync("Not yet.");
        await max.PostText.FillAsync("Now it is.");
        await max.PostForm.GetByLabel("Publish at").FillAsync("2020-01-01T10:00");
        await max.PressAsync("Schedule");
        await Expect(max.FormError).ToHaveTextAsync("This time has already passed.");
        await Expect(max.PostText).ToHaveValueAsync("Now it is.");
        var soon = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddSeconds(4), BrowserFixture.Zone);
        // The field shows a whole minute without its seconds, and Playwright refuses a value that is not shown as it was filled in.
        var format = soon.Second == 0 ? "yyyy-MM-ddTHH:mm" : "yyyy-MM-ddTHH:mm:ss";
        await max.PostForm.GetByLabel("Publish at").FillAsync(soon.ToString(format, CultureInfo.InvariantCulture));
        await max.PressAsync("Schedule");
        await Expect(max.FormStatus).ToContainTextAsync("Scheduled for ");
        await Expect(ada.Drafts).ToContainTextAsync(["scheduled for"]);
        await Expect(ada.Post("Now it is.")).ToHaveCountAsync(1);
        await Expect(ada.Drafts).ToHaveCountAsync(0);
        await Expect(max.Drafts).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Text_survives_a_reload_and_a_killed_node_and_is_published_once()
    {
        await site.StartLiveblogAsync("kept", "Kept");
        await using var node = await site.Database.StartProcessAsync();
        await using var ada = await site.SignInAsync(browser, "Ada", node: node);
        ada.ExpectedErrors.AddRange(LiveblogSite.Outage);
        await ada.OpenEditorAsync("kept");
        await ada.WritePostAsync("Half a", "thought");
        await ada.Page.ReloadAsync();
        await ada.ReadyToPostAsync();
        await Expect(ada.Headline).ToHaveValueAsync("Half a");
        await Expect(ada.PostText).ToHaveValueAsync("thought");

        await node.KillAsync();
        await ada.Page.Locator("#components-reconnect-modal").WaitForAsync();
        await ada.PostText.FillAsync("thought, and the other half");
        await ada.PressAsync("Publish");
        await Expect(ada.FormError).ToContainTextAsync("Your text is stored in this browser.");
        await node.StartAgainAsync();
        await Expect(ada.Page.Locator("#components-reconnect-modal")).ToBeHiddenAsync();
        await ada.ReadyToPostAsync();
        await Expect(ada.PostText).ToHaveValueAsync("thought, and the other half");
        await ada.PostForm.Locator("[data-publish]").DblClickAsync();
        await Expect(ada.FormStatus).ToHaveTextAsync("Published.");
        await Expect(ada.Posts).ToHaveCountAsync(1);

        // The same for a published post.
        await Person.Command(ada.Post("Half a"), "Edit").ClickAsync();
        await Expect(ada.Headline).ToHaveValueAsync("Half a");
        await ada.Headline.FillAsync("A whole");
        await ada.Page.ReloadAsync();
        await ada.ReadyToPostAsync();
        await Expect(ada.Headline).ToHaveValueAsync("A whole");
        await ada.PublishAsync();
        await Expect(ada.Posts.Locator(".post-title")).ToHaveTextAsync(["A whole"]);

        // Two tabs with the same unpublished text publish one post. The second one changes the text, which is not lost.
        await ada.WritePostAsync("", "in two tabs");
        var copy = await ada.Page.RunAndWaitForPopupAsync(() => ada.Page.EvaluateAsync("() => { window.open(location.href); }"));
        await using var other = new Person("Ada", copy);
        await other.OpenEditorAsync("kept");
        await Expect(other.PostText).ToHaveValueAsync("in two tabs");
        await ada.PublishAsync();
        await other.PostText.FillAsync("in two tabs, and more in this one");
        await other.PressAsync("Publish");
        await Expect(other.FormError).ToContainTextAsync("This post was already published, with a different text.");
        await Expect(other.PostText).ToHaveValueAsync("in two tabs, and more in this one");
        await other.PublishAsync();
        await Expect(ada.Post("in two tabs, and more in this one")).ToHaveCountAsync(1);
        Assert.Equal(["in two tabs, and more in this one", "A whole"], await ada.PostsAsync());
    }

    [Fact]
    public async Task Opening_a_draft_loses_neither_a_time_nor_unsaved_changes()
    {
        var liveblog = await site.StartLiveblogAsync("planned", "Planned");
        await site.PostAsync(liveblog, "a post");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.OpenEditorAsync("planned");
        await ada.WritePostAsync("", "other");
        await ada.PressAsync("Save draft");
        await Expect(ada.Drafts).ToHaveCountAsync(1);
        await ada.WritePostAsync("", "later");
        await ada.PostForm.GetByLabel("Publish at").FillAsync("2099-01-01T10:00");
        await ada.PressAsync("Schedule");
        var (later, other) = (ada.Draft("later"), ada.Draft("other"));
        await Expect(later).ToContainTextAsync("scheduled for");

        // An unchanged draft stays scheduled.
        await Person.Open(later).ClickAsync();
        await Expect(ada.PostText).ToHaveValueAsync("later");
        await Person.Command(ada.Post("a post"), "Edit").ClickAsync();
        await Expect(ada.PostText).ToHaveValueAsync("a post");
        await Expect(later).ToContainTextAsync("scheduled for");
        await ada.PressAsync("Cancel");
        await Expect(ada.PostText).ToHaveValueAsync("");

        await Person.Open(later).ClickAsync();
        await Expect(ada.PostText).ToHaveValueAsync("later");
        await ada.PostText.FillAsync("later, with more");
        await Person.Open(later).ClickAsync();
        await Expect(ada.FormStatus).ToHaveTextAsync("This draft is already open, with unsaved changes.");
        await Expect(ada.PostText).ToHaveValueAsync("later, with more");
        await Person.Open(other).ClickAsync();
        await Expect(ada.PostText).ToHaveValueAsync("other");
        await Expect(ada.Draft("later, with more")).ToContainTextAsync("scheduled for");
    }

    [Fact]
    public async Task An_invalid_time_is_refused()
    {
        await site.StartLiveblogAsync("mistyped", "Mistyped");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.OpenEditorAsync("mistyped");
        await ada.WritePostAsync("", "in a far future");
        await ada.PostForm.GetByLabel("Publish at").FillAsync("20266-11-28T10:00");
        await ada.PressAsync("Schedule");

        await Expect(ada.FormError).ToHaveTextAsync("Enter a date and a time.");
        await Expect(ada.PostText).ToHaveValueAsync("in a far future");
    }

    [Fact]
    public async Task The_editor_is_usable_with_the_keyboard()
    {
        var liveblog = await site.StartLiveblogAsync("keys", "Keys");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.OpenEditorAsync("keys");
        var keyboard = ada.Page.Keyboard;
        await ada.Headline.FocusAsync();
        await keyboard.TypeAsync("By hand");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("without a mouse");
        await keyboard.PressAsync("Control+Enter");
        await Expect(ada.FormStatus).ToHaveTextAsync("Published.");
        await Expect(ada.PostText).ToBeFocusedAsync();
        await Expect(ada.Posts).ToHaveCountAsync(1);

        var reached = await TabThroughAsync(ada);
        Assert.Superset(
            new HashSet<string> { "Publish", "Save draft", "Schedule", "Archive…", "Settings", "Edit", "Pin", "Mark as key event", "History", "Delete" },
            reached.ToHashSet());

        // The focus returns to the button of a command after the post is rendered again.
        await site.PostAsync(liveblog, "another one");
        await ada.Page.EvaluateAsync("scrollTo(0, 0)");
        await Expect(ada.Posts).ToHaveCountAsync(2);
        var post = ada.Post("By hand");
        await Person.Command(post, "Mark as key event").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(Person.Command(post, "Unmark as key event")).ToBeFocusedAsync();
        await Person.Command(post, "Pin").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(Person.Command(ada.PinnedPost, "Unpin")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.PinnedPost).ToHaveCountAsync(0);
        await Expect(Person.Command(post, "Pin")).ToBeFocusedAsync();

        await Person.Command(post, "History").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.History).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");
        await Expect(ada.History).ToHaveCountAsync(0);

        await Person.Command(post, "Delete").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(ada.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(ada.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(Person.Command(post, "Delete")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await ada.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).PressAsync("Enter");
        await Expect(post).ToHaveCountAsync(0);
        await Expect(Person.Command(ada.Post("another one"), "Edit")).ToBeFocusedAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "light-wide")]
    [InlineData(ColorScheme.Dark, 360, "dark-360")]
    public async Task The_editor_is_accessible_on_any_screen(ColorScheme scheme, int width, string name)
    {
        var liveblog = await site.StartElectionAsync($"election-{name}");
        await using var ada = await site.SignInAsync(browser, "Ada", width, 800, scheme);
        await ada.Page.GotoAsync("liveblogs");
        await ada.ScreenshotAsync(width == 1280 ? "liveblogs-list" : $"liveblogs-list-{name}");
        await ada.AssertGoodAtAsync(width);
        await ada.Page.GotoAsync($"liveblogs/{liveblog.Slug}/settings");
        await ada.ScreenshotAsync($"liveblog-settings-{name}");
        await ada.AssertGoodAtAsync(width);
        await ada.OpenEditorAsync(liveblog.Slug);
        await ada.WritePostAsync("Turnout at noon", "By noon **41.2 %** had voted.\n\n> More than four years ago.");
        await Expect(ada.Preview.Locator("strong")).ToBeVisibleAsync();
        await ada.ScreenshotAsync($"liveblog-editor-{name}");
        await ada.AssertGoodAtAsync(width);
        await ada.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(ada.Page.Locator(".desk")).ToBeHiddenAsync();
        await Expect(ada.Page.Locator("article .post-commands").First).ToBeHiddenAsync();
    }

    /// <summary>Presses Tab through the page, from its beginning.</summary>
    /// <returns>The texts of the elements that had the focus.</returns>
    private static async Task<IReadOnlyList<string>> TabThroughAsync(Person person)
    {
        var reached = new List<string>();
        await person.Page.EvaluateAsync("document.activeElement.blur()");
        for (var i = 0; i < 40; i++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            reached.Add(await person.Page.EvaluateAsync<string>("document.activeElement.textContent.trim()"));
        }

        return reached;
    }
}
