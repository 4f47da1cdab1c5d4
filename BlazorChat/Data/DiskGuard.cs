using BlazorChat.Common;
using Microsoft.Extensions.Options;

namespace BlazorChat.Data;

/// <summary>
/// Refuses to write to the SQLite database while its disk is almost full: what is left is for the writes that are under way, and the
/// reason reaches the person who asked. The log has one line a minute.
/// </summary>
internal sealed partial class DiskGuard(string folder, IFreeSpace space, IOptions<DataOptions> options, TimeProvider time, ILogger<DiskGuard> logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long a write that failed for want of room counts.</summary>
    private static readonly TimeSpan FailureRetention = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long _checkedAt;
    private long _loggedAt;
    private long _failedAt;
    private bool _isFull;

    /// <summary>Starting may write: it is what finds out whether the database is up to date.</summary>
    public bool IsOn { get; set; }

    public bool IsFull
    {
        get
        {
            lock (_gate)
                return Refresh();
        }
    }

    /// <exception cref="RefusedException">The disk is full.</exception>
    public void Check()
    {
        if (!IsOn)
            return;
        lock (_gate)
        {
            if (!Refresh())
                return;
            LogOncePerMinute();
        }

        throw DiskFull.Refusal();
    }

    /// <summary>Takes note of a failure, when it is for want of room.</summary>
    public void Report(Exception exception)
    {
        if (exception is RefusedException || !DiskFull.Is(exception))
            return;
        lock (_gate)
        {
            _failedAt = time.GetTimestamp();
            LogOncePerMinute();
        }
    }

    private bool Refresh()
    {
        if (_failedAt != 0 && time.GetElapsedTime(_failedAt) < FailureRetention)
            return true;
        if (_checkedAt == 0 || time.GetElapsedTime(_checkedAt) >= CheckInterval)
        {
            _checkedAt = time.GetTimestamp();
            _isFull = space.Of(folder) < options.Value.MinFreeSpace;
        }

        return _isFull;
    }

    private void LogOncePerMinute()
    {
        if (_loggedAt != 0 && time.GetElapsedTime(_loggedAt) < LogInterval)
            return;
        _loggedAt = time.GetTimestamp();
        LogFull(logger, folder, space.Of(folder), options.Value.MinFreeSpace);
    }

    [LoggerMessage(1, LogLevel.Error, "Nothing is saved: the disk of {Folder} has {Free} bytes free, and Data:MinFreeSpace is {MinFree}")]
    private static partial void LogFull(ILogger logger, string folder, long free, long minFree);
}
