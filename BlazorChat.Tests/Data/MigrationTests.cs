using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using BlazorChat.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Data;

public sealed class MigrationTests
{
    [Fact]
    public void Neither_provider_has_changes_without_a_migration()
    {
        using var sqlite = Create<SqliteChatDbContext>();
        using var sqlServer = Create<SqlServerChatDbContext>();

        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(sqlServer.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_file_that_was_left_locked_by_a_killed_migration_is_opened()
    {
        var folder = NodeProcess.NewDataFolder();
        await using (var first = await NodeProcess.StartAsync(folder))
            await first.KillAsync();
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(folder, "blazorchat.db")}"))
        {
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText = """
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT OR IGNORE INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
                """;
            await command.ExecuteNonQueryAsync();
        }

        await using var second = await NodeProcess.StartAsync(folder);

        Assert.NotNull(second.Address);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_used_is_named_in_one_line()
    {
        var file = Path.Combine(NodeProcess.NewDataFolder(), "a-file");
        await File.WriteAllTextAsync(file, "");
        var corrupt = NodeProcess.NewDataFolder();
        await File.WriteAllTextAsync(Path.Combine(corrupt, "blazorchat.db"), new string('x', 10_000));

        foreach (var folder in new[] { file, "/proc/nowhere", corrupt })
        {
            var (exitCode, error) = await NodeProcess.RunToEndAsync($"Data:Folder={folder}");

            Assert.Equal(1, exitCode);
            var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains(folder, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_server_that_does_not_answer_is_named_in_one_line()
    {
        var (exitCode, error) = await NodeProcess.RunToEndAsync(
            "ConnectionStrings:SqlServer=Server=127.0.0.1,1;Database=x;User Id=x;Password=secret;Connect Timeout=1;ConnectRetryCount=0;Encrypt=False");

        Assert.Equal(1, exitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("ConnectionStrings:SqlServer", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    internal static TContext Create<TContext>()
        where TContext : ChatDbContext
    {
        var factory = typeof(TContext).Assembly.GetTypes().Single(typeof(IDesignTimeDbContextFactory<TContext>).IsAssignableFrom);
        return ((IDesignTimeDbContextFactory<TContext>)Activator.CreateInstance(factory)!).CreateDbContext([]);
    }
}
