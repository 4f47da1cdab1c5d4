using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.Sqlite;

internal static class SqliteConnectionString
{
    public const string FileName = "blazorchat.db";

    public static void Configure(DbContextOptionsBuilder options, string folder)
    {
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, FileName),
            ForeignKeys = true,
            // Seconds a writer waits for the file's lock before it fails.
            DefaultTimeout = 30,
        };
        options.UseSqlite(connection.ToString());
    }
}
