using System.Globalization;
using BlazorChat.Common.Components;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>The number of unread replies that the drawer shows. Call it on the renderer's dispatcher.</summary>
internal sealed class DrawerThreads
{
    /// <summary>A page reports at most every two seconds what was read.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(4);

    private readonly RefreshLoop _refresh;
    private readonly TimeProvider _time;
    private readonly CancellationToken _closed;
    private bool _isWaiting;

    /// <param name="read">Reads the number.</param>
    /// <param name="changed">Called when it has changed.</param>
    /// <param name="logger">Of the component.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closed">Cancelled when the component is disposed.</param>
    /// <param name="unread">The number that is shown already.</param>
    public DrawerThreads(Func<Task<long>> read, Action changed, ILogger logger, TimeProvider time, CancellationToken closed, long unread = 0)
    {
        (Unread, _time, _closed) = (unread, time, closed);
        _refresh = new RefreshLoop(() => LoadAsync(read, changed), logger, time, closed);
    }

    public long Unread { get; private set; }

    /// <summary>Reads the number soon.</summary>
    public void Refresh() => _refresh.Request();

    /// <summary>
    /// Reads the number when the reader may follow a thread with new replies. A reply that arrives while the reader watches its thread is about to be
    /// read, so it counts only when it is still unread after a moment.
    /// </summary>
    /// <param name="watched">The address of the page if the reader watches it, without query and fragment; empty else.</param>
    public void Apply(ThreadsActivity activity, int userId, Func<int, bool> isMember, string watched)
    {
        var watches = activity.Of(userId, isMember).ToLookup(thread => IsAddressOf(thread, watched));
        if (watches.Contains(false))
            Refresh();
        else if (watches.Contains(true))
            _ = RefreshLaterAsync();
    }

    private static bool IsAddressOf(ThreadReplies thread, string address) =>
        address.Split('/') is ["rooms", var roomId, var root, ..]
        && roomId == thread.RoomId.ToString(CultureInfo.InvariantCulture)
        && root == thread.Root.ToString(CultureInfo.InvariantCulture);

    private async Task RefreshLaterAsync()
    {
        if (_isWaiting)
            return;
        _isWaiting = true;
        await Task.Delay(Moment, _time, _closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _isWaiting = false;
        if (!_closed.IsCancellationRequested)
            Refresh();
    }

    private async Task LoadAsync(Func<Task<long>> read, Action changed)
    {
        var unread = await read();
        if (unread == Unread)
            return;
        Unread = unread;
        changed();
    }
}
