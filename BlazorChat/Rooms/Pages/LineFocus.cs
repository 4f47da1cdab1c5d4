using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace BlazorChat.Rooms.Pages;

/// <summary>
/// Where the focus goes in a list when its reader removes a line: to the next line, to the one before the last, or to the heading. Without it the focus
/// would be lost with the button.
/// </summary>
/// <typeparam name="TKey">Identifies a line.</typeparam>
internal sealed class LineFocus<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, ElementReference> _lines = [];
    private TKey[] _before = [];
    private int _left = -1;

    /// <summary>The heading, which scripts can focus.</summary>
    public ElementReference Heading { get; set; }

    /// <summary>A line, which scripts can focus.</summary>
    public ElementReference this[TKey key]
    {
        get => _lines.GetValueOrDefault(key);
        set => _lines[key] = value;
    }

    /// <summary>The reader removes a line.</summary>
    /// <param name="lines">All lines, in their order.</param>
    public void Leave(IEnumerable<TKey> lines, TKey left)
    {
        _before = [.. lines];
        _left = Array.IndexOf(_before, left);
    }

    /// <summary>The line was not removed.</summary>
    public void Stay() => _left = -1;

    /// <summary>Moves the focus when the line is gone. Called after each render.</summary>
    /// <param name="lines">The lines that are shown.</param>
    public async Task MoveAsync(IEnumerable<TKey>? lines)
    {
        var shown = lines?.ToHashSet() ?? [];
        foreach (var gone in _lines.Keys.Where(key => !shown.Contains(key)).ToArray())
            _lines.Remove(gone);
        if (_left < 0 || shown.Contains(_before[_left]))
            return;
        var near = _before[(_left + 1)..].Concat(_before[.._left].Reverse());
        _left = -1;
        var next = near.Where(key => shown.Contains(key) && _lines.ContainsKey(key)).Select(key => (ElementReference?)_lines[key]).FirstOrDefault() ?? Heading;
        try
        {
            await next.FocusAsync();
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or TaskCanceledException)
        {
            // The line has left meanwhile, or the page is closed.
        }
    }
}
