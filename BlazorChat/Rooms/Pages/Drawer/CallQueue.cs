using BlazorChat.Accounts.Preferences;
using BlazorChat.Common;

namespace BlazorChat.Rooms.Pages.Drawer;

/// <summary>
/// Decides when what is new in a room, or in a thread, calls the reader of a page: together for all messages that come within a moment, and not again
/// for some seconds. Call it on the renderer's dispatcher.
/// </summary>
/// <typeparam name="TKey">The room or the thread.</typeparam>
/// <param name="choices">Returns how the reader wants to be notified.</param>
/// <param name="closed">Cancelled when the component is disposed.</param>
internal abstract partial class CallQueue<TKey>(Func<NotificationChoices> choices, ILogger logger, TimeProvider time, CancellationToken closed)
    where TKey : notnull
{
    /// <summary>UTF-16 code units of a message.</summary>
    protected const int MaxBody = 160;

    /// <summary>The most rooms or threads that are waiting. More have new messages only after events were lost.</summary>
    private const int MaxWaiting = 50;

    /// <summary>
    /// Messages that come meanwhile are one call, and a reader who looks at them on another device has read them. The reads of many circuits are spread
    /// over the longer half.
    /// </summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>What has called is forgotten then, unless it is shown.</summary>
    protected static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>A room or a thread calls at most as often.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The first message that may call.</summary>
    private readonly Dictionary<TKey, long> _waiting = [];

    private readonly Dictionary<TKey, Called> _called = [];

    /// <summary>Messages that were deleted while messages are read, which may still have them.</summary>
    private readonly HashSet<(int RoomId, long Key)> _deleted = [];

    private bool _isRunning;

    protected CancellationToken Closed => closed;

    /// <summary>UTC.</summary>
    protected DateTime Now => time.GetUtcNow().UtcDateTime;

    protected bool IsQuiet => choices().QuietUntil(Now) is not null;

    protected bool PlaysSound => choices().PlaysSound;

    /// <summary>A message was deleted.</summary>
    public void Remove(MessageDeleted deleted)
    {
        foreach (var (key, called) in _called.Where(call => call.Value.IsShown && call.Value.Message == (deleted.RoomId, deleted.Sequence)).ToArray())
            Withdraw(key, called);
        if (_isRunning)
            _deleted.Add((deleted.RoomId, deleted.Sequence));
    }

    protected void Add(TKey key, long first)
    {
        if (IsQuiet)
        {
            // It does not call when the quiet ends either.
            Skip(key, Math.Max(first, NewestOf(key)));
            return;
        }

        if (_waiting.Count >= MaxWaiting && !_waiting.ContainsKey(key))
            return;
        _waiting[key] = Math.Min(first, _waiting.GetValueOrDefault(key, first));
        if (!_isRunning)
            _ = RunAsync();
    }

    /// <summary>Messages up to a number do not call any more.</summary>
    protected void Skip(TKey key, long number)
    {
        var seen = FindCalled(key);
        _called[key] = seen with { Number = Math.Max(seen.Number, number), KnownAt = time.GetTimestamp() };
    }

    /// <summary>Removes what the reader has no access to any more.</summary>
    protected void Forget(Func<TKey, bool> isGone)
    {
        foreach (var key in _waiting.Keys.Where(isGone).ToArray())
            _waiting.Remove(key);
        foreach (var (key, called) in _called.Where(call => isGone(call.Key)).ToArray())
        {
            _called.Remove(key);
            if (called.IsShown)
                _ = WithdrawAsync(key, called.Number);
        }
    }

    /// <summary>Ends the calls that are shown and to which a condition applies.</summary>
    protected void Withdraw(Func<TKey, long, bool> isOver)
    {
        foreach (var (key, called) in _called.Where(call => call.Value.IsShown && isOver(call.Key, call.Value.Number)).ToArray())
            Withdraw(key, called);
    }

    /// <summary>Notes that messages were read, and which of them call.</summary>
    /// <returns>How many messages the call is about with those that it was about before; 0 when none calls.</returns>
    protected int Note(TKey key, long newest, IReadOnlyList<(long Number, int RoomId, long Message)> calling)
    {
        var known = FindCalled(key);
        _called[key] = known with { Number = Math.Max(known.Number, newest), KnownAt = time.GetTimestamp() };
        if (calling.Count == 0)
            return 0;
        var (number, roomId, message) = calling[^1];
        var count = calling.Count + (known.IsShown ? known.Count : 0);
        _called[key] = new Called(number, count, time.GetTimestamp(), time.GetTimestamp(), IsShown: true, (roomId, message));
        return count;
    }

    /// <summary>Messages up to this number do not call.</summary>
    protected long CalledUpTo(TKey key) => FindCalled(key).Number;

    protected bool IsDeleted(MessageView message) => _deleted.Contains((message.RoomId, message.Sequence));

    /// <summary>The newest message that the page knows of; 0 for none.</summary>
    protected abstract long NewestOf(TKey key);

    /// <summary>Calls the reader, if one of the messages from a number on does.</summary>
    protected abstract Task CallAsync(TKey key, long first);

    /// <summary>Ends a call in the browser.</summary>
    protected abstract Task WithdrawAsync(TKey key, long number);

    private async Task RunAsync()
    {
        _isRunning = true;
        while (_waiting.Count > 0)
        {
            await Task.Delay(Moment * (0.5 + Random.Shared.NextDouble()), time, closed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (closed.IsCancellationRequested)
                break;
            foreach (var (key, first) in _waiting.Where(waiting => IsDue(waiting.Key)).ToArray())
            {
                _waiting.Remove(key);
                await TryCallAsync(key, first);
            }
        }

        _isRunning = false;
        _deleted.Clear();
        foreach (var (key, _) in _called.Where(call => !call.Value.IsShown && time.GetElapsedTime(call.Value.KnownAt) > Kept).ToArray())
            _called.Remove(key);
    }

    private bool IsDue(TKey key) => !_called.TryGetValue(key, out var called) || time.GetElapsedTime(called.At) >= Interval;

    private async Task TryCallAsync(TKey key, long first)
    {
        try
        {
            await CallAsync(key, first);
        }
        catch (Exception exception) when (exception is RefusedException or OperationCanceledException)
        {
            // The reader has left the room, or the page.
        }
        catch (Exception exception)
        {
            LogNotRead(logger, exception, key);
        }
    }

    private Called FindCalled(TKey key) => _called.GetValueOrDefault(key, new Called(0, 0, time.GetTimestamp(), time.GetTimestamp(), false, default));

    private void Withdraw(TKey key, Called called)
    {
        _called[key] = called with { IsShown = false, Count = 0 };
        _ = WithdrawAsync(key, called.Number);
    }

    /// <param name="Number">Messages up to it do not call any more.</param>
    /// <param name="Count">Messages of the call that is shown.</param>
    /// <param name="At">When it called last.</param>
    /// <param name="KnownAt">When its number was noted last.</param>
    /// <param name="Message">The newest message that called, by its key.</param>
    private sealed record Called(long Number, int Count, long At, long KnownAt, bool IsShown, (int RoomId, long Key) Message);

    [LoggerMessage(1, LogLevel.Warning, "New messages of {Key} could not be read; they call nobody on this page")]
    private static partial void LogNotRead(ILogger logger, Exception exception, TKey key);
}
