using System.Collections.Concurrent;
using BlazorChat.Common;
using Microsoft.Data.Sqlite;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// One lock for each SQLite file, which the writing transactions of this process acquire in order, waiting without a thread. SQLite itself lets one
/// transaction write while each other one blocks a thread: with many of them, no thread is left for the one that writes.
/// </summary>
internal static class WriteLocks
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Files = [];

    /// <summary>Acquires the lock of a file until the result is disposed.</summary>
    /// <exception cref="SqliteException">The lock was not released within <see cref="BusyTimeout.Duration"/>.</exception>
    public static async ValueTask<IDisposable> AcquireAsync(string file, CancellationToken cancellationToken)
    {
        var writeLock = Files.GetOrAdd(file, _ => new SemaphoreSlim(1, 1));
        if (!await writeLock.WaitAsync(BusyTimeout.Duration, cancellationToken))
            throw new SqliteException("The database is locked by other transactions of this process.", SQLitePCL.raw.SQLITE_BUSY);
        return new OnDispose(() => writeLock.Release());
    }
}
