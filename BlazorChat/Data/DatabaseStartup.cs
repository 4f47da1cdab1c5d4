using System.Data.Common;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Data;

public static partial class DatabaseStartup
{
    private static readonly string[] OwnFiles =
    [
        SqliteConnectionString.FileName, $"{SqliteConnectionString.FileName}-wal", $"{SqliteConnectionString.FileName}-shm", DataFolder.LockName,
    ];

    /// <summary>For the first answer. Bringing the schema up to date takes as long as it takes.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Brings the schema up to date. What stands in the way is said in one line on standard error, for whoever started the app.
    /// </summary>
    /// <returns>False when the app cannot run.</returns>
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

    /// <exception cref="UnknownMigrationException">Another version has made the database.</exception>
    internal static async Task MigrateAsync(ChatDbContext db, ILogger logger)
    {
        using (var timeout = new CancellationTokenSource(AnswerTimeout))
            await db.GetService<IRelationalDatabaseCreator>().ExistsAsync(timeout.Token);
        // A large table takes minutes, and another node may be at it.
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        var applied = await db.Database.GetAppliedMigrationsAsync();
        var known = db.Database.GetMigrations().ToArray();
        var missing = known.Except(applied).ToArray();
        // A newer version has made all that this one needs, and more.
        if (missing.Length > 0 && applied.Except(known).FirstOrDefault() is { } unknown)
            throw new UnknownMigrationException(unknown);
        if (missing.Length > 0)
            LogMigrating(logger, missing.Length);
        await db.Database.MigrateAsync();
        db.Database.SetCommandTimeout((int?)null);
    }

    private static async Task MigrateSqliteAsync(ChatDbContext db, WebApplication app)
    {
        var folder = DataFolder.Resolve(app.Configuration, app.Environment);
        DataFolder.Create(folder);
        DataFolder.RestrictToOwner(folder, OwnFiles, app.Logger);
        // Two nodes may start on one file at once. A lock of the file system ends with its process, however that ends; the lock
        // that EF keeps in a table would stay behind a killed one, and is ours to clear while we hold the other.
        await using var startLock = await DataFolder.LockAsync(folder, () => LogWaiting(app.Logger, folder), app.Lifetime.ApplicationStopping);
        if (!File.Exists(Path.Combine(folder, SqliteConnectionString.FileName)))
            LogNewDatabase(app.Logger, Path.Combine(folder, SqliteConnectionString.FileName));
        else
            await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"");
        await MigrateAsync(db, app.Logger);
        // SQLite gives its log and index files the mode of the database.
        DataFolder.RestrictToOwner(folder, OwnFiles, logger: null);
    }

    private static string OneLine(Exception exception) => exception switch
    {
        OperationCanceledException => "it did not answer within a minute.",
        RetryLimitExceededException { InnerException: { } last } => OneLine(last),
        _ => exception.Message.ReplaceLineEndings(" "),
    };

    private static string Advice(WebApplication app) => string.IsNullOrWhiteSpace(app.Configuration.GetConnectionString("SqlServer"))
        ? $"It is kept in {DataFolder.Resolve(app.Configuration, app.Environment)} (setting Data:Folder), which must be a folder that this user can write."
        : "Check the setting ConnectionStrings:SqlServer and that the server answers.";

    [LoggerMessage(1, LogLevel.Information, "There is no database at {Path}: a new, empty one is made")]
    private static partial void LogNewDatabase(ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Information, "Another process is bringing the database in {Folder} up to date; this one waits for it")]
    private static partial void LogWaiting(ILogger logger, string folder);

    [LoggerMessage(2, LogLevel.Information, "The database is brought up to date, which may take a while (migrations to apply: {Count})")]
    private static partial void LogMigrating(ILogger logger, int count);
}

/// <summary>The database has a migration that this version does not know, and lacks one that it needs.</summary>
internal sealed class UnknownMigrationException(string migration) : Exception(
    $"it was made by a version that this one cannot upgrade from (its migration {migration} is unknown here). Start that version, or begin with an empty database.");
