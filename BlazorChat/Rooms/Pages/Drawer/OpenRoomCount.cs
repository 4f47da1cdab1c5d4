using BlazorChat.Rooms.Directory;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// The number of unread messages that the drawer shows for the open room. A message that arrives while the reader watches the room is about to be
/// read. So it counts only when it is still unread after a moment, and the drawer is not rendered twice for each message. Call it on the renderer's
/// dispatcher.
/// </summary>
/// <param name="find">Returns the open room; null for none.</param>
/// <param name="changed">Called when the number has changed after a moment.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal sealed class OpenRoomCount(Func<RoomView?> find, Action changed, TimeProvider time, CancellationToken closed)
{
    /// <summary>A page reports at most every two seconds what was read.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(4);

    private bool _isWatched = true;
    private bool _isBehind;
    private bool _isWaiting;

    public long Value => find() is not { } room || (_isWatched && !_isBehind && room.UnreadFrom is null) ? 0 : room.Counted;

    /// <summary>Another room was opened, or the list was read: what is unread now counts at once.</summary>
    public void Reset() => _isBehind = find() is { Counted: > 0 };

    /// <summary>The reader's window got the focus or lost it.</summary>
    public void Watch(bool isWatched)
    {
        _isWatched = isWatched;
        Reset();
    }

    /// <summary>The numbers of the rooms have changed.</summary>
    public void Update()
    {
        if (find() is not { Counted: > 0 } room)
            _isBehind = false;
        else if (_isWatched && !_isBehind && !_isWaiting)
            _ = WaitAsync(room);
    }

    private async Task WaitAsync(RoomView room)
    {
        _isWaiting = true;
        await Task.Delay(Moment, time, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _isWaiting = false;
        if (closed.IsCancellationRequested)
            return;
        if (find() is { } now && now.Id == room.Id && now.ReadUpTo < room.LastSequence)
        {
            _isBehind = true;
            changed();
        }
        else
        {
            Update();
        }
    }
}
