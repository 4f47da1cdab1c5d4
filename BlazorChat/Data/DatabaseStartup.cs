using System.Data.Common;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Data;

/// <summary>Migrates the database at start.</summary>
public static partial class DatabaseStartup
{
    private static readonly string[] OwnFiles =
    [
        SqliteConnectionString.FileName, $"{SqliteConnectionString.FileName}-wal", $"{SqliteConnectionString.FileName}-shm", DataFolder.LockName,
    ];

    /// <summary>The timeout of the first answer. Migrations have none.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Applies the missing migrations. A failure is reported in one line on standard error.
    /// </summary>
    /// <returns>False when the app cannot start.</returns>
    public static async Task<bool> TryMigrateDatabaseAsync(this WebApplication app)
    {
        var factory = app.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>();
        try
        {
            await using var db = await factory.CreateDbContextAsync();
            if (db.Database.IsSqlite())
            {
                await MigrateSqliteAsync(db, app);
            }
            else
            {
                await MigrateAsync(db, app.Logger);
                await SqlServerSettings.CheckAsync(db, app.Logger);
            }

            if (app.Services.GetService<DiskGuard>() is { } disk)
                disk.IsOn = true;
            return true;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or DbException or RetryLimitExceededException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"BlazorChat cannot use its database: {OneLine(exception)} {Advice(app)}");
            return false;
        }
        catch (UnknownMigrationException unknown)
        {
            await Console.Error.WriteLineAsync($"BlazorChat cannot use its database: {unknown.Message} {Advice(app)}");
            return false;
        }
    }

    /// <exception cref="UnknownMigrationException">Another version has created the database, and migrations are missing.</exception>
    internal static async Task MigrateAsync(ChatDbContext db, ILogger logger)
    {
        using (var timeout = new CancellationTokenSource(AnswerTimeout))
            await db.GetService<IRelationalDatabaseCreator>().ExistsAsync(timeout.Token);
        // Migrating a large table takes minutes, and another node may be migrating.
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        var applied = await db.Database.GetAppliedMigrationsAsync();
        var known = db.Database.GetMigrations().ToArray();
        var missing = known.Except(applied).ToArray();
        // A newer version has applied all migrations of this one, and more.
        if (missing.Length > 0 && applied.Except(known).FirstOrDefault() is { } unknown)
            throw new UnknownMigrationException(unknown);
        if (missing.Length > 0)
            LogMigrating(logger, missing.Length);
        await db.Database.MigrateAsync();
        db.Database.SetCommandTimeout((int?)null);
        await StaleNames.UpdateAsync(db, CancellationToken.None);
    }

    private static async Task MigrateSqliteAsync(ChatDbContext db, WebApplication app)
    {
        var folder = DataFolder.Resolve(app.Configuration, app.Environment);
        DataFolder.Create(folder);
        DataFolder.RestrictToOwner(folder, OwnFiles, app.Logger);
        // Two nodes may start on one file at once. The lock of a file ends with its process, however that ends. The lock that EF stores in
        // a table stays behind when a process is killed, and may be removed while this process holds the file's lock.
        await using var startLock = await DataFolder.LockAsync(folder, () => LogWaiting(app.Logger, folder), app.Lifetime.ApplicationStopping);
        if (!File.Exists(Path.Combine(folder, SqliteConnectionString.FileName)))
            LogNewDatabase(app.Logger, Path.Combine(folder, SqliteConnectionString.FileName));
        else
            await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        await MigrateAsync(db, app.Logger);
        // SQLite creates its log and index files with the mode of the database.
        DataFolder.RestrictToOwner(folder, OwnFiles, logger: null);
    }

    private static string OneLine(Exception exception) => exception switch
    {
        OperationCanceledException => "it did not answer within a minute.",
        RetryLimitExceededException { InnerException: { } last } => OneLine(last),
        _ => exception.Message.ReplaceLineEndings(" "),
    };

    private static string Advice(WebApplication app) => string.IsNullOrWhiteSpace(app.Configuration.GetConnectionString("SqlServer"))
        ? $"It is stored in {DataFolder.Resolve(app.Configuration, app.Environment)} (setting Data:Folder), which must be a folder that this user can write."
        : "Check the setting ConnectionStrings:SqlServer and that the server answers.";

    [LoggerMessage(1, LogLevel.Information, "There is no database at {Path}: a new, empty one is made")]
    private static partial void LogNewDatabase(ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Information, "Another process is bringing the database in {Folder} up to date; this one waits for it")]
    private static partial void LogWaiting(ILogger logger, string folder);

    [LoggerMessage(2, LogLevel.Information, "The database is being upgraded, which may last minutes (migrations to apply: {Count})")]
    private static partial void LogMigrating(ILogger logger, int count);
}

/// <summary>The database has a migration that this version does not know, and lacks one that it needs.</summary>
internal sealed class UnknownMigrationException(string migration) : Exception(
    $"it was made by a version that this one cannot upgrade from (its migration {migration} is unknown here). Start that version, or begin with an empty database.");
