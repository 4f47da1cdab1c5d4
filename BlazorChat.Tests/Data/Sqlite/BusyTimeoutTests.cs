using BlazorChat.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Data.Sqlite;

public sealed class BusyTimeoutTests
{
    [Fact]
    public async Task Every_connection_waits_for_the_files_lock_by_itself()
    {
        var folder = Node.NewDataFolder();
        for (var i = 0; i < 2; i++)
        {
            await using var database = new DirectDatabase(folder);
            await database.Db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var command = database.Db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA busy_timeout";

            Assert.Equal((long)BusyTimeout.Duration.TotalMilliseconds, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
    }
}
