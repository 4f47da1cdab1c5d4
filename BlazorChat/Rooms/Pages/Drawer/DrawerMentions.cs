using BlazorChat.Common.Components;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Directory;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// The numbers of unread mentions that the drawer shows beside those of unread messages. They are read again when an event may have changed them. Call it
/// on the renderer's dispatcher.
/// </summary>
internal sealed class DrawerMentions
{
    private readonly RefreshLoop _refresh;
    private IReadOnlyDictionary<int, int> _counts = new Dictionary<int, int>();

    /// <param name="read">Reads the numbers, by room.</param>
    /// <param name="changed">Called when a number has changed.</param>
    /// <param name="logger">Of the component.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closed">Cancelled when the component is disposed.</param>
    public DrawerMentions(Func<Task<IReadOnlyDictionary<int, int>>> read, Action changed, ILogger logger, TimeProvider time, CancellationToken closed) =>
        _refresh = new RefreshLoop(() => LoadAsync(read, changed), logger, time, closed);

    /// <summary>The number for a room with so many unread messages. A direct room shows none: each of its messages is for the reader.</summary>
    public long Of(RoomView room, long unread) =>
        room.Kind == RoomKind.Direct ? 0 : Math.Min(_counts.GetValueOrDefault(room.Id), unread);

    /// <summary>The read position of a room has changed, perhaps.</summary>
    public void Update(RoomView before, RoomView after)
    {
        if (before.ReadUpTo == after.ReadUpTo)
            return;
        // Marking as unread can add mentions, and reading can only remove those that there are.
        if (after.ReadUpTo < before.ReadUpTo || _refresh.IsRunning || _counts.ContainsKey(after.Id))
            Refresh();
        // The room's next unread message may come before the numbers are read.
        if (after.Unread == 0)
            _counts = _counts.Where(count => count.Key != after.Id).ToDictionary();
    }

    /// <summary>Reads the numbers soon.</summary>
    public void Refresh() => _refresh.Request();

    private async Task LoadAsync(Func<Task<IReadOnlyDictionary<int, int>>> read, Action changed)
    {
        var counts = await read();
        var hasChanged = counts.Count != _counts.Count || counts.Except(_counts).Any();
        _counts = counts;
        if (hasChanged)
            changed();
    }
}
