using System.Globalization;
using BlazorChat.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Data;

/// <summary>A database of the first version, with a row in every table, is upgraded.</summary>
[Trait("Speed", "Slow")]
public sealed class UpgradeTests
{
    private const string Id = "00000000-0000-0000-0000-000000000001";

    [Fact]
    public async Task Every_row_of_the_first_version_is_there_after_the_upgrade_with_its_values()
    {
        var folder = Node.NewDataFolder();
        await using var first = new DirectDatabase(folder);
        await first.Db.GetService<IMigrator>().MigrateAsync(first.Db.Database.GetMigrations().First());
        await first.Db.Database.OpenConnectionAsync();
        var connection = (SqliteConnection)first.Db.Database.GetDbConnection();
        // The order of tables does not matter then; at the end nothing refers to a row that is missing.
        await ExecuteAsync(connection, "PRAGMA foreign_keys = OFF");
        var before = new Dictionary<string, Dictionary<string, string>>();
        foreach (var table in await ReadAsync(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"))
            before[table] = await FillAsync(connection, table);
        Assert.True(before.Count > 20);
        Assert.Empty(await ReadAsync(connection, "PRAGMA foreign_key_check"));
        await ExecuteAsync(connection, "PRAGMA foreign_keys = ON");

        await DatabaseStartup.MigrateAsync(first.Db, NullLogger.Instance);

        Assert.Empty(await ReadAsync(connection, "PRAGMA foreign_key_check"));
        Assert.Equal(["ok"], await ReadAsync(connection, "PRAGMA integrity_check"));
        foreach (var (table, values) in before)
        {
            var columns = await ReadAsync(connection, $"SELECT name FROM pragma_table_info('{table}')");
            Assert.NotEmpty(columns);
            foreach (var (column, value) in values.Where(value => columns.Contains(value.Key)))
                Assert.Equal($"{table}.{column}: {value}", $"{table}.{column}: {Assert.Single(await ReadAsync(connection, $"SELECT quote(\"{column}\") FROM \"{table}\""))}");
        }
    }

    /// <summary>Adds a row with a value in every column, of which those that refer to another row are that row's key.</summary>
    /// <returns>The values as SQL literals, by column.</returns>
    private static async Task<Dictionary<string, string>> FillAsync(SqliteConnection connection, string table)
    {
        var columns = await ReadAsync(connection, $"SELECT name || '|' || type FROM pragma_table_info('{table}')");
        var values = columns.Select(column => column.Split('|')).ToDictionary(column => column[0], column => ValueOf(column[0], column[1]));
        await ExecuteAsync(
            connection,
            $"INSERT INTO \"{table}\" ({string.Join(", ", values.Keys.Select(column => $"\"{column}\""))}) VALUES ({string.Join(", ", values.Values)})");
        return values;
    }

    private static string ValueOf(string column, string type) => type switch
    {
        "INTEGER" => "1",
        "BLOB" => "X'01'",
        "REAL" => "1.0",
        _ when column.EndsWith("Id", StringComparison.Ordinal) || column == "Id" => $"'{Id}'",
        _ when column.EndsWith("At", StringComparison.Ordinal) || column.EndsWith("Until", StringComparison.Ordinal) => "'2026-01-01 00:00:00'",
        _ => string.Create(CultureInfo.InvariantCulture, $"'{column} 1'"),
    };

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of each row.</summary>
    private static async Task<IReadOnlyList<string>> ReadAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }
}
