using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data.Entities;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Liveblogs.Editing;

/// <summary>The editor as its script uses it; Ada is an editor here, and no admin.</summary>
public sealed class LiveblogEditorTests : ComponentTest
{
    private readonly ScriptCalls _scripts = new();
    private System.Security.Claims.ClaimsPrincipal _admin = default!;
    private LiveblogView _liveblog = default!;

    [Fact]
    public async Task An_editor_publishes_changes_and_deletes_by_its_commands()
    {
        var editor = await OpenAsync();

        Assert.Equal(PostAnswer.Done, await editor.InvokeAsync(() => editor.Instance.PublishAsync(Guid.NewGuid(), new PostText("", "one"))));
        var post = Assert.Single(await PostsAsync());
        var opened = (await editor.InvokeAsync(() => editor.Instance.OpenAsync(post.Id)))!;
        Assert.Equal(new PostText("", "one"), opened.Text);
        Assert.Equal(PostAnswer.Done, await editor.InvokeAsync(() => editor.Instance.EditAsync(post.Id, opened.Version, new PostText("Two", "two"))));
        await editor.InvokeAsync(() => editor.Instance.ActAsync("mark", post.Id));
        await editor.InvokeAsync(() => editor.Instance.ActAsync("pin", post.Id));
        Assert.True((await Site.Posts.ReadAsync(_admin, _liveblog.Id, null, default)).Pinned is { IsKeyEvent: true, Title: "Two" });

        await editor.InvokeAsync(() => editor.Instance.ActAsync("history", post.Id));
        Assert.Equal(["two", "one"], editor.FindAll(".desk-version").Select(version => version.TextContent));
        await editor.InvokeAsync(() => editor.Instance.ActAsync("delete", post.Id));
        Assert.Empty(await PostsAsync());
    }

    [Fact]
    public async Task A_text_that_was_changed_after_it_was_published_is_not_taken_for_published()
    {
        var editor = await OpenAsync();
        var draft = Guid.NewGuid();
        await editor.InvokeAsync(() => editor.Instance.PublishAsync(draft, new PostText("Head", "as sent")));

        var same = await editor.InvokeAsync(() => editor.Instance.PublishAsync(draft, new PostText(" Head ", "as sent")));
        var other = await editor.InvokeAsync(() => editor.Instance.PublishAsync(draft, new PostText("Head", "as sent, and more")));

        Assert.Equal(PostAnswer.Done, same);
        var post = Assert.Single(await PostsAsync());
        Assert.Equal("as sent", post.Markdown);
        Assert.Equal(new PostAnswer("This post was published before, with another text.", new OpenedPost(post.Id, new PostText("Head", "as sent"), 1)), other);
    }

    [Fact]
    public async Task An_archived_liveblog_has_no_editor()
    {
        await OpenAsync();
        await Site.Liveblogs.ArchiveAsync(_admin, _liveblog.Id, default);
        var attached = JSInterop.Invocations.Count(call => call.Identifier == "attach");

        var editor = Render<LiveblogEditor>(parameters => parameters.Add(p => p.LiveblogId, _liveblog.Id).Add(p => p.Slug, "launch"));

        Assert.Equal("", editor.Markup.Trim());
        Assert.Equal(attached, JSInterop.Invocations.Count(call => call.Identifier == "attach"));
    }

    [Fact]
    public async Task A_draft_without_a_headline_is_named_by_whole_characters_of_its_text()
    {
        var editor = await OpenAsync();
        var words = new string('a', 79);
        await editor.InvokeAsync(() => editor.Instance.SaveDraftAsync(Guid.NewGuid(), new PostText("", $"{words}🚀🚀"), null));

        editor.WaitForAssertion(() => Assert.Equal($"{words}…", editor.Find("[data-draft] .entry-name").TextContent));
    }

    [Fact]
    public async Task What_cannot_be_published_says_why()
    {
        var editor = await OpenAsync();

        var empty = await editor.InvokeAsync(() => editor.Instance.PublishAsync(Guid.NewGuid(), new PostText("", " ")));
        var past = await editor.InvokeAsync(() => editor.Instance.SaveDraftAsync(Guid.NewGuid(), new PostText("", "text"), DateTimeOffset.UnixEpoch));
        await editor.InvokeAsync(() => editor.Instance.ActAsync("pin", 999));

        Assert.Equal("Write something first.", empty.Reason);
        Assert.Equal("This time is past already.", past.Reason);
        Assert.Equal("There is no such post.", editor.Find(".desk > .error").TextContent);
        Assert.Equal("<p><strong>bold</strong></p>", await editor.InvokeAsync(() => editor.Instance.PreviewAsync("**bold**")));
        Assert.Contains("data-embed=", await editor.InvokeAsync(() => editor.Instance.PreviewAsync("https://vimeo.com/76979871")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_slower_is_shown_what_the_other_one_wrote()
    {
        var editor = await OpenAsync();
        var post = await Site.PostAsync(_admin, _liveblog, "one");
        var opened = (await editor.InvokeAsync(() => editor.Instance.OpenAsync(post.Id)))!;
        await Site.EditPostAsync(_admin, _liveblog, post.Id, "theirs");

        var answer = await editor.InvokeAsync(() => editor.Instance.EditAsync(post.Id, opened.Version, new PostText("", "mine")));

        Assert.Equal("Somebody else has changed this post meanwhile.", answer.Reason);
        Assert.Equal("theirs", answer.Newest!.Text.Markdown);
        Assert.Equal(PostAnswer.Done, await editor.InvokeAsync(() => editor.Instance.EditAsync(post.Id, answer.Newest.Version, new PostText("", "mine"))));
        Assert.Equal("mine", Assert.Single(await PostsAsync()).Markdown);
    }

    [Fact]
    public async Task Drafts_of_all_editors_appear_and_go_while_one_looks()
    {
        var editor = await OpenAsync();
        var later = new DateTimeOffset(2030, 1, 2, 3, 4, 0, TimeSpan.Zero);
        await Site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("Later", "text"), later, default);
        await editor.InvokeAsync(() => editor.Instance.SaveDraftAsync(Guid.NewGuid(), new PostText("", "how it begins"), null));

        await editor.WaitForStateAsync(() => editor.FindAll("[data-draft]").Count == 2);
        Assert.Equal(["Later", "how it begins"], editor.FindAll("[data-draft] .entry-name").Select(name => name.TextContent));
        Assert.Contains("will be published on", editor.Find("[data-draft]").TextContent, StringComparison.Ordinal);
        Assert.Equal("2030-01-02T03:04:00Z", editor.Find("[data-draft] time").GetAttribute("datetime"));

        // Found and clicked in one turn: the list may render again at any moment.
        await editor.InvokeAsync(() => editor.Find("[data-draft] button[aria-label='Discard Later']").Click());
        await editor.WaitForElementAsync("[data-draft] .button-danger");
        await editor.InvokeAsync(() => editor.Find("[data-draft] .button-danger").Click());
        await editor.WaitForStateAsync(() => editor.FindAll("[data-draft]").Count == 1);
    }

    [Fact]
    public async Task Who_changes_the_same_post_is_seen_by_both()
    {
        var editor = await OpenAsync();
        var post = await Site.PostAsync(_admin, _liveblog, "one");
        await editor.InvokeAsync(() => editor.Instance.OpenAsync(post.Id));
        var heard = new TaskCompletionSource<LiveblogPostEditing>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var other = new DeskConsumer(_liveblog.Id, () => Task.CompletedTask, editing =>
        {
            if (editing.Name == "Ada")
                heard.TrySetResult(editing);
            return Task.CompletedTask;
        });
        await Services.GetRequiredService<CircuitConnector>().ConnectAsync(other);

        await Site.Layer.PublishAsync(LiveblogGroups.Desk(_liveblog.Id), new LiveblogPostEditing(_liveblog.Id, post.Id, Guid.NewGuid(), "Max", false), default);

        Assert.Equal((post.Id, false), (await heard.Task.WaitAsync(TestWait.Limit) is var said ? (said.PostId, said.IsOver) : default));
        await _scripts.WaitForAsync("showEditors", call => Names(call).Contains("Max", StringComparison.Ordinal));

        static string Names(JSRuntimeInvocation call) => System.Text.Json.JsonSerializer.Serialize(call.Arguments[0]);
    }

    [Fact]
    public async Task Who_is_no_editor_any_more_has_nothing_of_it_left()
    {
        var editor = await OpenAsync();
        await Site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "secret"), null, default);
        await editor.WaitForStateAsync(() => editor.FindAll("[data-draft]").Count == 1);

        await Site.Editors.RemoveAsync(_admin, _liveblog.Id, Ada.UserId, default);

        await editor.WaitForStateAsync(() => editor.Markup.Trim().Length == 0);
        var answer = await editor.InvokeAsync(() => editor.Instance.PublishAsync(Guid.NewGuid(), new PostText("", "mine")));
        Assert.Equal("Only the editors of this liveblog can do this.", answer.Reason);
    }

    [Fact]
    public async Task A_draft_is_started_and_a_live_one_archived_after_a_second_word()
    {
        var editor = await OpenAsync(isStarted: false);
        await editor.Find(".desk-row .button-primary:not([data-publish])").ClickAsync(new());
        await editor.WaitForStateAsync(() => editor.Markup.Contains("Archive…", StringComparison.Ordinal));
        Assert.Equal("liveblogs/launch", (await _scripts.WaitForAsync("Blazor.navigateTo")).Arguments[0]);

        editor.FindAll("button").Single(button => button.TextContent == "Archive…").Click();
        Assert.Contains("Nothing can be changed afterwards.", editor.Markup, StringComparison.Ordinal);
        await editor.FindAll("button").Single(button => button.TextContent == "Archive it").ClickAsync(new());

        Assert.Equal(LiveblogState.Archived, (await Site.Liveblogs.FindAsync(Ada, "launch", default))!.State);
    }

    private async Task<IReadOnlyList<LiveblogPostView>> PostsAsync() => (await Site.Posts.ReadAsync(_admin, _liveblog.Id, null, default)).Posts;

    private async Task<IRenderedComponent<LiveblogEditor>> OpenAsync(bool isStarted = true)
    {
        _admin = await Site.AddPersonAsync("Admin", isAdmin: true);
        _liveblog = await Site.Liveblogs.CreateAsync(_admin, "Launch", "launch", default);
        if (isStarted)
            _liveblog = await Site.Liveblogs.StartAsync(_admin, _liveblog.Id, default);
        await Site.Editors.AddAsync(_admin, _liveblog.Id, "ada@example.org", default);
        var module = JSInterop.SetupModule("./Liveblogs/Editing/LiveblogEditor.razor.js");
        var script = module.SetupModule(call => _scripts.Note(call) || call.Identifier == "attach");
        script.Mode = JSRuntimeMode.Loose;
        script.SetupVoid(_scripts.Note);
        JSInterop.SetupVoid(_scripts.Note);
        var editor = Render<LiveblogEditor>(parameters => parameters.Add(p => p.LiveblogId, _liveblog.Id).Add(p => p.Slug, "launch"));
        await _scripts.WaitForAsync("attach");
        return editor;
    }
}
