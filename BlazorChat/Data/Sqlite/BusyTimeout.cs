using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// Makes SQLite itself wait for the lock of the file, at first in steps of a millisecond. The provider would retry every 150 ms, which slows two
/// processes that share a file.
/// </summary>
internal sealed class BusyTimeout : DbConnectionInterceptor
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static readonly BusyTimeout Instance = new();

    private BusyTimeout()
    {
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }

    private static void Set(DbConnection connection) =>
        raw.sqlite3_busy_timeout(((SqliteConnection)connection).Handle, (int)Duration.TotalMilliseconds);
}
