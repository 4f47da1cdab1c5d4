using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;

namespace BlazorChat.Liveblogs.Editing;

/// <summary>An editor who has a post open in a form.</summary>
internal sealed record PostEditor(int PostId, string Name);

/// <summary>
/// Which posts other editors have open. Each form publishes its post, and repeats it at <see cref="Interval"/>; one that stops is removed. Call it on
/// the dispatcher of the form's component.
/// </summary>
internal sealed class PostPresence(int liveblogId, CommandLimit commands, IChannelLayer layer, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Timeout = Interval * 2.5;

    /// <summary>The most forms that are tracked; others are ignored.</summary>
    private const int MaxForms = 64;

    private readonly Guid _form = Guid.NewGuid();
    private readonly Dictionary<Guid, (PostEditor Editor, DateTimeOffset Until)> _others = [];
    private int? _open;

    /// <summary>Publishes which post this form has open; null when it is empty.</summary>
    public async Task OpenAsync(ClaimsPrincipal editor, int? postId)
    {
        var previous = _open;
        _open = postId;
        // The end of a presence is published whatever the limit, since the others would show it until its timeout. Its beginning was counted.
        if (previous is { } closed && closed != postId)
            await PublishAsync(editor, closed, isOver: true);
        await RepeatAsync(editor);
    }

    /// <summary>Publishes the open post again.</summary>
    public async Task RepeatAsync(ClaimsPrincipal editor)
    {
        if (_open is { } postId && commands.TryAcquire(editor))
            await PublishAsync(editor, postId, isOver: false);
    }

    /// <summary>Handles the event of another form. A new form gets the open post of this one as an answer.</summary>
    public async Task ReceiveAsync(ClaimsPrincipal editor, LiveblogPostEditing editing)
    {
        if (editing.Key == _form)
            return;
        if (editing.IsOver)
        {
            _others.Remove(editing.Key);
            return;
        }

        var isNew = !_others.TryGetValue(editing.Key, out var known) || known.Editor.PostId != editing.PostId;
        if (isNew && _others.Count >= MaxForms)
            return;
        _others[editing.Key] = (new PostEditor(editing.PostId, editing.Name), time.GetUtcNow() + Timeout);
        if (isNew)
            await RepeatAsync(editor);
    }

    /// <summary>The other editors, ordered by post and name.</summary>
    public IReadOnlyList<PostEditor> Read()
    {
        var now = time.GetUtcNow();
        foreach (var key in _others.Where(other => other.Value.Until <= now).Select(other => other.Key).ToArray())
            _others.Remove(key);
        return [.. _others.Values.Select(other => other.Editor).Distinct().OrderBy(editor => editor.PostId).ThenBy(editor => editor.Name, StringComparer.Ordinal)];
    }

    private async Task PublishAsync(ClaimsPrincipal editor, int postId, bool isOver) => await layer.PublishAsync(
        LiveblogGroups.Desk(liveblogId),
        new LiveblogPostEditing(liveblogId, postId, _form, editor.DisplayName, isOver),
        CancellationToken.None);
}
