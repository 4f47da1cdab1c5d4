using BlazorChat.Data.Entities;
using BlazorChat.Demo.Scenes;
using BlazorChat.Demo.Team;
using BlazorChat.Liveblogs.Directory;
using BlazorChat.Liveblogs.Editing;
using BlazorChat.Liveblogs.Posts;

namespace BlazorChat.Demo.Filling;

/// <summary>
/// Creates and starts the liveblogs of scenes, and publishes their posts. The first line of a post may be its headline, <c># …</c>.
/// </summary>
internal sealed class LiveblogScenes(LiveblogLifecycle lifecycle, LiveblogEditors editors, PostEditing posts, SceneFiles files)
{
    /// <returns>The id of the liveblog.</returns>
    public async Task<int> CreateAsync(Scene scene, Cast cast, CancellationToken cancellationToken)
    {
        var admin = cast[DemoTeam.Admin.Key].Principal;
        var created = await lifecycle.CreateAsync(admin, scene.Name, scene.Heads["slug"], cancellationToken);
        await lifecycle.DescribeAsync(admin, created.Id, scene.Name, scene.Heads["topic"], cancellationToken);
        foreach (var key in scene.People)
            await editors.AddAsync(admin, created.Id, cast[key].Person.Email, cancellationToken);
        await lifecycle.StartAsync(admin, created.Id, cancellationToken);
        return created.Id;
    }

    public async Task WriteAsync(int liveblogId, SceneLine line, Cast cast, CancellationToken cancellationToken)
    {
        var editor = cast[line.Author];
        var (title, body) = Split(SceneText.Fill(line.Text, cast, new Dictionary<string, string>()));
        if (line.File.Length > 0)
        {
            var id = await files.UploadAsync(editor, AttachmentOwner.Liveblog, liveblogId, line.File, cancellationToken);
            body = $"{body}\n\n![{title}](attachments/{id})";
        }

        var written = new PostText(title, body, line.IsKeyEvent);
        var post = await posts.PublishAsync(editor.Principal, liveblogId, Guid.NewGuid(), written, cancellationToken);
        if (line.Deeds.Any(deed => deed.Verb == "pin"))
            await posts.PinAsync(editor.Principal, liveblogId, post.Id, isPinned: true, cancellationToken);
    }

    private static (string Title, string Body) Split(string text)
    {
        if (!text.StartsWith("# ", StringComparison.Ordinal))
            return ("", text);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? ("", text[2..]) : (text[2..end], text[(end + 1)..]);
    }
}
