using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace BlazorChat.Tests.Data;

[Trait("Speed", "Slow")]
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
        var folder = Node.NewDataFolder();
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
        var file = Path.Combine(Node.NewDataFolder(), "a-file");
        await File.WriteAllTextAsync(file, "");
        var corrupt = Node.NewDataFolder();
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

    [Fact]
    public async Task F13_A_migration_may_take_as_long_as_it_needs()
    {
        var log = new CommandLog();
        await using var db = new InterceptedDatabase(Node.NewDataFolder(), log).CreateDbContext();

        await DatabaseStartup.MigrateAsync(db, NullLogger.Instance);

        var tables = log.Commands.Where(command => command.Sql.Contains("CREATE TABLE \"Rooms\"", StringComparison.Ordinal));
        Assert.Equal(0, Assert.Single(tables).Timeout);
        Assert.Null(db.Database.GetCommandTimeout());
    }

    [Fact]
    public async Task F13_Scripts_that_may_be_run_again_change_no_rows_outside_of_a_batch_of_their_own()
    {
        await using var db = Create<SqlServerChatDbContext>();
        var sql = db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        var script = (TSqlScript)new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);

        Assert.Empty(errors);
        // A batch is compiled whole: a statement on the rows of a column that one before it adds would fail, unless it is in an EXEC.
        var guarded = script.Batches.SelectMany(batch => batch.Statements.OfType<IfStatement>()
            .Select(statement => ((BeginEndBlockStatement)statement.ThenStatement).StatementList.Statements.Single()));
        Assert.All(guarded, statement => Assert.True(
            statement is CreateTableStatement or CreateIndexStatement or DropIndexStatement or AlterTableStatement or ExecuteStatement || IsHistory(statement), statement.GetType().Name));

        static bool IsHistory(TSqlStatement statement) =>
            statement is InsertStatement { InsertSpecification.Target: NamedTableReference { SchemaObject.BaseIdentifier.Value: "__EFMigrationsHistory" } };
    }

    [Fact]
    public async Task A_database_of_an_unreleased_version_ends_the_start_in_one_line()
    {
        var folder = Node.NewDataFolder();
        await using (var older = await HistoryAsync(folder, "20250101000000_Older"))
            await older.Db.Database.ExecuteSqlRawAsync("CREATE TABLE \"Rooms\" (\"Id\" INTEGER PRIMARY KEY)");

        var (exitCode, error) = await NodeProcess.RunToEndAsync($"Data:Folder={folder}");

        Assert.Equal(1, exitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("20250101000000_Older", line, StringComparison.Ordinal);
        Assert.Contains(folder, line, StringComparison.Ordinal);
        Assert.DoesNotContain("already exists", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_used_as_long_as_nothing_is_missing()
    {
        var folder = Node.NewDataFolder();
        await using (var first = new DirectDatabase(folder))
            await DatabaseStartup.MigrateAsync(first.Db, NullLogger.Instance);
        await using var newer = await HistoryAsync(folder, "29990101000000_Newer");

        await DatabaseStartup.MigrateAsync(newer.Db, NullLogger.Instance);
    }

    private static async Task<DirectDatabase> HistoryAsync(string folder, string migration)
    {
        var database = new DirectDatabase(folder);
        await database.Db.Database.ExecuteSqlRawAsync(
            "CREATE TABLE IF NOT EXISTS \"__EFMigrationsHistory\" (\"MigrationId\" TEXT NOT NULL PRIMARY KEY, \"ProductVersion\" TEXT NOT NULL)");
        await database.Db.Database.ExecuteSqlAsync($"INSERT INTO \"__EFMigrationsHistory\" VALUES ({migration}, '10.0.0')");
        return database;
    }

    internal static TContext Create<TContext>()
        where TContext : ChatDbContext
    {
        var factory = typeof(TContext).Assembly.GetTypes().Single(typeof(IDesignTimeDbContextFactory<TContext>).IsAssignableFrom);
        return ((IDesignTimeDbContextFactory<TContext>)Activator.CreateInstance(factory)!).CreateDbContext([]);
    }
}
