using System.Security.Claims;
using BlazorChat.Common;
using BlazorChat.Data.Entities.Liveblogs;
using BlazorChat.Liveblogs.Posts;
using Microsoft.JSInterop;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>The commands that the script of an editor calls.</summary>
/// <param name="getUser">Returns the current user of the circuit.</param>
/// <param name="update">Runs a command of the page, and renders the page with its result.</param>
/// <param name="showHistory">Shows the history of a post.</param>
/// <param name="touch">Notes that the editor is active.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed partial class EditorCommands(
    int liveblogId,
    Func<Task<ClaimsPrincipal>> getUser,
    PostEditing posts,
    LiveblogDrafts drafts,
    PostPresence presence,
    Func<Func<ClaimsPrincipal, Task>, Task> update,
    Func<ClaimsPrincipal, int, Task> showHistory,
    Action touch,
    ILogger logger,
    CancellationToken closed)
{
    /// <summary>The editor did something, at most once a minute.</summary>
    [JSInvokable]
    public void Touch() => touch();

    /// <summary>
    /// Publishes the post in the form. It may have been published already, without an answer. If the text was changed since, the answer has the
    /// published post, so that the form does not lose the change.
    /// </summary>
    [JSInvokable]
    public async Task<PostAnswer> PublishAsync(Guid draftId, PostText text)
    {
        OpenedPost? newest = null;
        var answer = await TryAsync(async user =>
        {
            var published = await posts.PublishAsync(user, liveblogId, draftId, text, closed);
            if (published.Markdown != text.Markdown || published.Title != text.Check())
                newest = await posts.OpenAsync(user, liveblogId, published.Id, closed);
        });
        return newest is null ? answer : new PostAnswer(LiveblogTexts.Get("PostPublishedBefore").ToString(), newest);
    }

    /// <summary>Saves the post in the form as a draft, scheduled or not.</summary>
    [JSInvokable]
    public Task<PostAnswer> SaveDraftAsync(Guid draftId, PostText text, DateTimeOffset? scheduledFor) =>
        TryAsync(user => drafts.SaveAsync(user, liveblogId, draftId, text, scheduledFor, closed));

    /// <summary>Replaces the text of a post. If another editor changed it first, the answer has their text.</summary>
    [JSInvokable]
    public async Task<PostAnswer> EditAsync(int postId, int version, PostText text)
    {
        var answer = await TryAsync(user => posts.EditAsync(user, liveblogId, postId, version, text, closed));
        if (answer.Code != RefusalCode.Conflict)
            return answer;
        var newest = await posts.OpenAsync(await getUser(), liveblogId, postId, closed);
        return newest.Version == version ? answer : answer with { Newest = newest };
    }

    [JSInvokable]
    public async Task<string> PreviewAsync(string markdown)
    {
        var html = "";
        if (markdown.Length <= LiveblogPost.MaxLength)
            await TryAsync(async user => html = await posts.PreviewAsync(user, liveblogId, markdown, closed));
        return html;
    }

    /// <summary>Opens a post in the form, and notifies the other editors; null when it does not exist.</summary>
    [JSInvokable]
    public async Task<OpenedPost?> OpenAsync(int postId)
    {
        OpenedPost? opened = null;
        await update(async user =>
        {
            opened = await posts.OpenAsync(user, liveblogId, postId, closed);
            await presence.OpenAsync(user, postId);
        });
        return opened;
    }

    /// <summary>Notifies the other editors that the form is empty.</summary>
    [JSInvokable]
    public async Task CloseAsync() => await presence.OpenAsync(await getUser(), null);

    /// <summary>Runs a command on a post of the page.</summary>
    [JSInvokable]
    public Task ActAsync(string action, int postId) => update(user => action switch
    {
        "pin" => posts.PinAsync(user, liveblogId, postId, true, closed),
        "unpin" => posts.PinAsync(user, liveblogId, postId, false, closed),
        "mark" => posts.MarkAsync(user, liveblogId, postId, true, closed),
        "unmark" => posts.MarkAsync(user, liveblogId, postId, false, closed),
        "delete" => posts.DeleteAsync(user, liveblogId, postId, closed),
        "history" => showHistory(user, postId),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    });

    private async Task<PostAnswer> TryAsync(Func<ClaimsPrincipal, Task> command)
    {
        try
        {
            await command(await getUser());
            return PostAnswer.Done;
        }
        catch (RefusedException refused)
        {
            return new PostAnswer(refused.Message) { Code = refused.Code };
        }
        catch (Exception exception) when (!closed.IsCancellationRequested)
        {
            LogFailed(logger, exception, liveblogId);
            return new PostAnswer(LiveblogTexts.Get("EditorCommandFailed").ToString());
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A command on liveblog {LiveblogId} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, int liveblogId);
}
