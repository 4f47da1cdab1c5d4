using BlazorChat.Common;
using Microsoft.Extensions.Options;

namespace BlazorChat.Data;

/// <summary>
/// Refuses writes to the SQLite database while its disk is almost full. The remaining space is for writes that are running, and the person who
/// asked gets the reason. Logs at most once a minute. Thread-safe.
/// </summary>
internal sealed partial class DiskGuard(string folder, IFreeSpace space, IOptions<DataOptions> options, TimeProvider time, ILogger<DiskGuard> logger)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long writes are refused after one failed on a full disk.</summary>
    private static readonly TimeSpan FailureRetention = TimeSpan.FromSeconds(10);

    private readonly OncePerMinute _log = new(time);
    private readonly Lock _gate = new();
    private long _checkedAt;
    private long _failedAt;
    private bool _isFull;

    /// <summary>Whether writes are refused. False until the migrations at start are done.</summary>
    public bool IsOn { get; set; }

    /// <summary>Whether the disk is almost full now. Checked at most once a second.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
                return Refresh();
        }
    }

    /// <summary>Called before each write.</summary>
    /// <exception cref="RefusedException">The disk is almost full.</exception>
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

    /// <summary>Records the failure of a write, if a full disk caused it.</summary>
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
        if (_log.TryCount(out _))
            LogFull(logger, folder, space.Of(folder), options.Value.MinFreeSpace);
    }

    [LoggerMessage(1, LogLevel.Error, "Nothing is saved: the disk of {Folder} has {Free} bytes free, and Data:MinFreeSpace is {MinFree}")]
    private static partial void LogFull(ILogger logger, string folder, long free, long minFree);
}
