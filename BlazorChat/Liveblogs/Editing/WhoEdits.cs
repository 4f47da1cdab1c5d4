namespace BlazorChat.Liveblogs.Editing;

/// <summary>
/// Who else changes which post right now. Each form says so again and again; one that has fallen silent is forgotten.
/// </summary>
internal sealed class WhoEdits(TimeProvider time)
{
    /// <summary>How often a form says that it is open.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Silence = Interval * 2.5;

    /// <summary>More forms than this are not told apart.</summary>
    private const int MaxForms = 64;

    private readonly Dictionary<Guid, (int PostId, string Name, DateTimeOffset Until)> _forms = [];

    /// <returns>True when this form was not known to be open on this post.</returns>
    public bool Take(LiveblogPostEditing editing)
    {
        if (editing.IsOver)
        {
            _forms.Remove(editing.Key);
            return false;
        }

        var isNew = !_forms.TryGetValue(editing.Key, out var known) || known.PostId != editing.PostId;
        if (isNew && _forms.Count >= MaxForms)
            return false;
        _forms[editing.Key] = (editing.PostId, editing.Name, time.GetUtcNow() + Silence);
        return isNew;
    }

    /// <summary>Everybody who changes something, by post.</summary>
    public IReadOnlyList<(int PostId, string Name)> Read()
    {
        var now = time.GetUtcNow();
        foreach (var key in _forms.Where(form => form.Value.Until <= now).Select(form => form.Key).ToArray())
            _forms.Remove(key);
        return [.. _forms.Values.Select(form => (form.PostId, form.Name)).Distinct().OrderBy(form => form.PostId).ThenBy(form => form.Name, StringComparer.Ordinal)];
    }
}
