using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// Transactions of one process on one file take turns in the order in which they come, and wait without a thread. SQLite lets one of them
/// write and has each of the others hold a thread until it looks again: with many, none is left for the one that writes.
/// </summary>
internal static class WriteLocks
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Files = [];

    /// <exception cref="SqliteException">The file is locked: it was not this transaction's writeLock within <see cref="BusyTimeout.Duration"/>.</exception>
    public static async ValueTask<IDisposable> AcquireAsync(string file, CancellationToken cancellationToken)
    {
        var writeLock = Files.GetOrAdd(file, _ => new SemaphoreSlim(1, 1));
        if (!await writeLock.WaitAsync(BusyTimeout.Duration, cancellationToken))
            throw new SqliteException("The database is locked by other transactions of this process.", SQLitePCL.raw.SQLITE_BUSY);
        return new WriteLock(writeLock);
    }

    private sealed class WriteLock(SemaphoreSlim writeLock) : IDisposable
    {
        public void Dispose() => writeLock.Release();
    }
}
