using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>
/// A new data folder with an empty database of this version, a copy of one that was migrated once. Migrating each database of the tests would
/// cost more than most tests. Tests of a first start use <see cref="Node.NewDataFolder"/>.
/// </summary>
internal static class MigratedFolder
{
    private static readonly Lazy<Task<string>> Template = new(MigrateAsync);

    public static async Task<string> CreateAsync()
    {
        var folder = Node.NewDataFolder();
        var file = Path.Combine(folder, SqliteConnectionString.FileName);
        File.Copy(await Template.Value, file);
        // As a node leaves it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return folder;
    }

    private static async Task<string> MigrateAsync()
    {
        var folder = Node.NewDataFolder();
        var options = new DbContextOptionsBuilder<SqliteChatDbContext>()
            .UseApplicationServiceProvider(new ServiceCollection().AddIdentitySchema().BuildServiceProvider());
        SqliteConnectionString.Configure(options, folder);
        await using (var db = new SqliteChatDbContext((DbContextOptions<SqliteChatDbContext>)options.Options))
        {
            await db.Database.MigrateAsync();
            // The copy is of one file, so the log of SQLite is emptied into it.
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        return Path.Combine(folder, SqliteConnectionString.FileName);
    }
}
