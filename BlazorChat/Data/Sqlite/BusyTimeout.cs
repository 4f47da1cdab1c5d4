using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace BlazorChat.Data.Sqlite;

/// <summary>
/// Has SQLite itself wait for the file's lock, at first for a millisecond at a time. The provider would try again every 150 ms,
/// which two processes with one file feel at once.
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
