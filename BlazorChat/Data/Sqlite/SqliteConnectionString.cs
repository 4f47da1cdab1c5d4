using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Data.Sqlite;

internal static class SqliteConnectionString
{
    public const string FileName = "blazorchat.db";

    public static void Configure(DbContextOptionsBuilder options, string folder, params IInterceptor[] interceptors)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, FileName),
            ForeignKeys = true,
            DefaultTimeout = (int)BusyTimeout.Duration.TotalSeconds,
        };
        options.UseSqlite(connection.ToString()).AddInterceptors([BusyTimeout.Instance, .. interceptors]);
    }
}
