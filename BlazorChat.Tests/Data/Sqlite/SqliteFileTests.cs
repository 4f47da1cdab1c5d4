using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Tests.Data.Sqlite;

public sealed class SqliteFileTests
{
    private const long Full = 2;

    [Fact]
    public async Task A_commit_waits_for_the_disk()
    {
        await using var site = await TestDatabase.CreateAsync();
        await using var db = await site.OpenAsync();
        await using var store = MessageStore.Of(db);
        await using var transaction = await store.BeginAsync(default);

        Assert.Equal(Full, await AskAsync(db, "synchronous"));
        Assert.Equal("wal", await AskAsync(db, "journal_mode"));
    }

    private static async Task<object?> AskAsync(DbContext db, string pragma)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        return await command.ExecuteScalarAsync();
    }
}
