using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// Transactions of one process on one file take turns in the order in which they come, and wait without a thread. SQLite lets one of them
/// write and has each of the others hold a thread until it looks again: with many, none is left for the one that writes.
/// </summary>
internal static class WriteTurns
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Files = [];

    /// <exception cref="SqliteException">The file is locked: it was not this transaction's turn within <see cref="BusyTimeout.Duration"/>.</exception>
    public static async ValueTask<IDisposable> TakeAsync(string file, CancellationToken cancellationToken)
    {
        var turn = Files.GetOrAdd(file, _ => new SemaphoreSlim(1, 1));
        if (!await turn.WaitAsync(BusyTimeout.Duration, cancellationToken))
            throw new SqliteException("The database is locked by other transactions of this process.", SQLitePCL.raw.SQLITE_BUSY);
        return new Turn(turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
