using BlazorChat.Accounts.Presence;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Time.Testing;

namespace BlazorChat.Tests.Liveblogs.Editing;

/// <summary>The commands that the script of the editor calls. Ada is an editor and no admin.</summary>
public sealed class LiveblogEditorTests : ComponentTest
{
    private readonly ScriptCalls _scripts = new();
    private readonly FakeTimeProvider _time = new();
    private PresenceDirectory? _presence;
    private System.Security.Claims.ClaimsPrincipal _admin = default!;
    private LiveblogView _liveblog = default!;

    protected override void AddServices() =>
        Services.AddScoped(provider => new CircuitPresence(_presence ?? Site.Presence, provider.GetRequiredService<AuthenticationStateProvider>()));

    [Fact]
    public async Task An_editor_publishes_edits_marks_pins_and_deletes()
    {
        var editor = await OpenAsync();

        Assert.Equal(PostAnswer.Done, await editor.InvokeAsync(() => editor.Instance.Editing.PublishAsync(Guid.NewGuid(), new PostText("", "one"))));
        var post = Assert.Single(await PostsAsync());
        var opened = (await editor.InvokeAsync(() => editor.Instance.Editing.OpenAsync(post.Id)))!;
        Assert.Equal(new PostText("", "one"), opened.Text);
        Assert.Equal(PostAnswer.Done, await editor.InvokeAsync(() => editor.Instance.Editing.EditAsync(post.Id, opened.Version, new PostText("Two", "two"))));
        await editor.InvokeAsync(() => editor.Instance.Editing.ActAsync("mark", post.Id));
        await editor.InvokeAsync(() => editor.Instance.Editing.ActAsync("pin", post.Id));
        Assert.True((await Site.Posts.ReadAsync(_admin, _liveblog.Id, null, default)).Pinned is { IsKeyEvent: true, Title: "Two" });

        await editor.InvokeAsync(() => editor.Instance.Editing.ActAsync("history", post.Id));
        Assert.Equal(["two", "one"], editor.FindAll(".desk-version").Select(version => version.TextContent));
        await editor.InvokeAsync(() => editor.Instance.Editing.ActAsync("delete", post.Id));
        Assert.Empty(await PostsAsync());
    }

    [Fact]
    public async Task A_text_that_was_changed_after_its_publication_is_not_lost()
    {
        var editor = await OpenAsync();
        var draft = Guid.NewGuid();
        await editor.InvokeAsync(() => editor.Instance.Editing.PublishAsync(draft, new PostText("Head", "as sent")));

        var same = await editor.InvokeAsync(() => editor.Instance.Editing.PublishAsync(draft, new PostText(" Head ", "as sent")));
        var other = await editor.InvokeAsync(() => editor.Instance.Editing.PublishAsync(draft, new PostText("Head", "as sent, and more")));

        Assert.Equal(PostAnswer.Done, same);
        var post = Assert.Single(await PostsAsync());
        Assert.Equal("as sent", post.Markdown);
        Assert.Equal(new PostAnswer("This post was already published, with a different text.", new OpenedPost(post.Id, new PostText("Head", "as sent"), 1)), other);
    }

    [Fact]
    public async Task The_editor_of_an_archived_liveblog_is_empty()
    {
        await OpenAsync();
        await Site.Lifecycle.ArchiveAsync(_admin, _liveblog.Id, default);
        var attached = JSInterop.Invocations.Count(call => call.Identifier == "attach");

        var editor = Render<LiveblogEditor>(parameters => parameters.Add(p => p.LiveblogId, _liveblog.Id).Add(p => p.Slug, "launch"));

        Assert.Equal("", editor.Markup.Trim());
        Assert.Equal(attached, JSInterop.Invocations.Count(call => call.Identifier == "attach"));
    }

    [Fact]
    public async Task The_name_of_a_draft_without_a_headline_is_cut_between_characters()
    {
        var editor = await OpenAsync();
        var words = new string('a', 79);
        await editor.InvokeAsync(() => editor.Instance.Editing.SaveDraftAsync(Guid.NewGuid(), new PostText("", $"{words}🚀🚀"), null));

        editor.WaitForAssertion(() => Assert.Equal($"{words}…", editor.Find("[data-draft] .entry-name").TextContent));
    }

    [Fact]
    public async Task Who_works_at_the_desk_is_not_away()
    {
        var presence = new PresenceDirectory(Site.Layer, _time);
        _presence = presence;
        var own = Services.GetRequiredService<CircuitPresence>();
        await own.OnConnectionUpAsync(null!, default);
        var editor = await OpenAsync();
        _time.Advance(LocalPresence.AwayAfter);
        Assert.Equal(PresenceState.Away, presence.Find(Ada.UserId));

        editor.Instance.Editing.Touch();

        Assert.Equal(PresenceState.Online, presence.Find(Ada.UserId));
    }

    [Fact]
    public async Task A_refusal_shows_its_reason()
    {
        var editor = await OpenAsync();

        var empty = await editor.InvokeAsync(() => editor.Instance.Editing.PublishAsync(Guid.NewGuid(), new PostText("", " ")));
        var past = await editor.InvokeAsync(() => editor.Instance.Editing.SaveDraftAsync(Guid.NewGuid(), new PostText("", "text"), DateTimeOffset.UnixEpoch));
        await editor.InvokeAsync(() => editor.Instance.Editing.ActAsync("pin", 999));

        Assert.Equal("Write something first.", empty.Reason);
        Assert.Equal("This time has already passed.", past.Reason);
        Assert.Equal("This post doesn't exist.", editor.Find(".desk > .error").TextContent);
        Assert.Equal("<p><strong>bold</strong></p>", await editor.InvokeAsync(() => editor.Instance.Editing.PreviewAsync("**bold**")));
        Assert.Contains("data-embed=", await editor.InvokeAsync(() => editor.Instance.Editing.PreviewAsync("https://vimeo.com/76979871")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_editor_who_saves_second_sees_the_other_text()
    {
        var editor = await OpenAsync();
        var post = await Site.PostAsync(_admin, _liveblog, "one");
        var opened = (await editor.InvokeAsync(() => editor.Instance.Editing.OpenAsync(post.Id)))!;
        await Site.EditPostAsync(_admin, _liveblog, post.Id, "theirs");

        var answer = await editor.InvokeAsync(() => editor.Instance.Editing.EditAsync(post.Id, opened.Version, new PostText("", "mine")));

        Assert.Equal("Another editor has changed this post in the meantime.", answer.Reason);
        Assert.Equal("theirs", answer.Newest!.Text.Markdown);
        Assert.Equal(PostAnswer.Done, await editor.InvokeAsync(() => editor.Instance.Editing.EditAsync(post.Id, answer.Newest.Version, new PostText("", "mine"))));
        Assert.Equal("mine", Assert.Single(await PostsAsync()).Markdown);
    }

    [Fact]
    public async Task The_list_of_drafts_is_updated()
    {
        var editor = await OpenAsync();
        var later = new DateTimeOffset(2030, 1, 2, 3, 4, 0, TimeSpan.Zero);
        await Site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("Later", "text"), later, default);
        await editor.InvokeAsync(() => editor.Instance.Editing.SaveDraftAsync(Guid.NewGuid(), new PostText("", "how it begins"), null));

        await editor.WaitForStateAsync(() => editor.FindAll("[data-draft]").Count == 2);
        Assert.Equal(["Later", "how it begins"], editor.FindAll("[data-draft] .entry-name").Select(name => name.TextContent));
        Assert.Contains("scheduled for", editor.Find("[data-draft]").TextContent, StringComparison.Ordinal);
        Assert.Equal("2030-01-02T03:04:00Z", editor.Find("[data-draft] time").GetAttribute("datetime"));

        // One dispatch finds and clicks the button, because the list may render again at any time.
        await editor.InvokeAsync(() => editor.Find("[data-draft] button[aria-label='Discard Later']").Click());
        await editor.WaitForElementAsync("[data-draft] .button-danger");
        await editor.InvokeAsync(() => editor.Find("[data-draft] .button-danger").Click());
        await editor.WaitForStateAsync(() => editor.FindAll("[data-draft]").Count == 1);
    }

    [Fact]
    public async Task Editors_of_one_post_see_each_other()
    {
        var editor = await OpenAsync();
        var post = await Site.PostAsync(_admin, _liveblog, "one");
        await editor.InvokeAsync(() => editor.Instance.Editing.OpenAsync(post.Id));
        var received = new TaskCompletionSource<LiveblogPostEditing>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var other = new DeskConsumer(_liveblog.Id, () => Task.CompletedTask, editing =>
        {
            if (editing.Name == "Ada")
                received.TrySetResult(editing);
            return Task.CompletedTask;
        });
        await Services.GetRequiredService<CircuitConnector>().ConnectAsync(other);

        await Site.Layer.PublishAsync(LiveblogGroups.Desk(_liveblog.Id), new LiveblogPostEditing(_liveblog.Id, post.Id, Guid.NewGuid(), "Max", false), default);

        Assert.Equal((post.Id, false), (await received.Task.WaitAsync(TestWait.Limit) is var answer ? (answer.PostId, answer.IsOver) : default));
        await _scripts.WaitForAsync("showEditors", call => Names(call).Contains("Max", StringComparison.Ordinal));

        static string Names(JSRuntimeInvocation call) => System.Text.Json.JsonSerializer.Serialize(call.Arguments[0]);
    }

    [Fact]
    public async Task A_removed_editor_sees_nothing_of_the_editor()
    {
        var editor = await OpenAsync();
        await Site.Drafts.SaveAsync(_admin, _liveblog.Id, Guid.NewGuid(), new PostText("", "secret"), null, default);
        await editor.WaitForStateAsync(() => editor.FindAll("[data-draft]").Count == 1);

        await Site.Editors.RemoveAsync(_admin, _liveblog.Id, Ada.UserId, default);

        await editor.WaitForStateAsync(() => editor.Markup.Trim().Length == 0);
        var answer = await editor.InvokeAsync(() => editor.Instance.Editing.PublishAsync(Guid.NewGuid(), new PostText("", "mine")));
        Assert.Equal("Only the editors of this liveblog can do this.", answer.Reason);
    }

    [Fact]
    public async Task A_draft_is_started_and_a_live_one_archived_after_a_confirmation()
    {
        var editor = await OpenAsync(isStarted: false);
        await editor.Find(".desk-row .button-primary:not([data-publish])").ClickAsync(new());
        await editor.WaitForStateAsync(() => editor.Markup.Contains("Archive…", StringComparison.Ordinal));
        Assert.Equal("liveblogs/launch", (await _scripts.WaitForAsync("Blazor.navigateTo")).Arguments[0]);

        await editor.FindAll("button").Single(button => button.TextContent == "Archive…").ClickAsync(new());
        Assert.Contains("You can't change anything afterwards.", editor.Markup, StringComparison.Ordinal);
        await editor.FindAll("button").Single(button => button.TextContent == "Archive liveblog").ClickAsync(new());

        Assert.Equal(LiveblogState.Archived, (await Site.Liveblogs.FindAsync(Ada, "launch", default))!.State);
    }

    private async Task<IReadOnlyList<LiveblogPostView>> PostsAsync() => (await Site.Posts.ReadAsync(_admin, _liveblog.Id, null, default)).Posts;

    private async Task<IRenderedComponent<LiveblogEditor>> OpenAsync(bool isStarted = true)
    {
        _admin = await Site.AddPersonAsync("Admin", isAdmin: true);
        _liveblog = await Site.Lifecycle.CreateAsync(_admin, "Launch", "launch", default);
        if (isStarted)
            _liveblog = await Site.Lifecycle.StartAsync(_admin, _liveblog.Id, default);
        await Site.Editors.AddAsync(_admin, _liveblog.Id, "ada@example.org", default);
        const string Attach = "scripts.LiveblogEditor.attach";
        var script = JSInterop.SetupModule(call => _scripts.Note(call) || call.Identifier == Attach);
        script.Mode = JSRuntimeMode.Loose;
        script.SetupVoid(_scripts.Note);
        JSInterop.SetupVoid(_scripts.Note);
        var editor = Render<LiveblogEditor>(parameters => parameters.Add(p => p.LiveblogId, _liveblog.Id).Add(p => p.Slug, "launch"));
        await _scripts.WaitForAsync(Attach);
        return editor;
    }
}
