using System.Data.Common;
using BlazorChat.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

public static partial class DatabaseStartup
{
    private static readonly string[] OwnFiles =
    [
        SqliteConnectionString.FileName, $"{SqliteConnectionString.FileName}-wal", $"{SqliteConnectionString.FileName}-shm", DataFolder.LockName,
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Brings the schema up to date. What stands in the way is said in one line on standard error, for whoever started the app.
    /// </summary>
    /// <returns>False when the app cannot run.</returns>
    public static async Task<bool> TryMigrateDatabaseAsync(this WebApplication app)
    {
        var factory = app.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await using var db = await factory.CreateDbContextAsync(timeout.Token);
            if (db.Database.IsSqlite())
                await MigrateSqliteAsync(db, app, timeout.Token);
            else
                await db.Database.MigrateAsync(timeout.Token);
            if (app.Services.GetService<DiskGuard>() is { } disk)
                disk.IsOn = true;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DbException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"BlazorChat cannot use its database: {OneLine(exception)} {Advice(app)}");
            return false;
        }
    }

    private static async Task MigrateSqliteAsync(ChatDbContext db, WebApplication app, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Resolve(app.Configuration, app.Environment);
        DataFolder.Create(folder);
        DataFolder.CloseToOthers(folder, OwnFiles, app.Logger);
        // Two nodes may start on one file at once. A lock of the file system ends with its process, however that ends; the lock
        // that EF keeps in a table would stay behind a killed one, and is ours to clear while we hold the other.
        await using var turn = await DataFolder.LockAsync(folder, cancellationToken);
        if (!File.Exists(Path.Combine(folder, SqliteConnectionString.FileName)))
            LogNewDatabase(app.Logger, Path.Combine(folder, SqliteConnectionString.FileName));
        else
            await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
        // SQLite gives its log and index files the mode of the database.
        DataFolder.CloseToOthers(folder, OwnFiles, logger: null);
    }

    private static string OneLine(Exception exception) => exception is OperationCanceledException
        ? "it did not answer within a minute."
        : exception.Message.ReplaceLineEndings(" ");

    private static string Advice(WebApplication app) => string.IsNullOrWhiteSpace(app.Configuration.GetConnectionString("SqlServer"))
        ? $"It is kept in {DataFolder.Resolve(app.Configuration, app.Environment)} (setting Data:Folder), which must be a folder that this user can write."
        : "Check the setting ConnectionStrings:SqlServer and that the server answers.";

    [LoggerMessage(1, LogLevel.Information, "There is no database at {Path}: a new, empty one is made")]
    private static partial void LogNewDatabase(ILogger logger, string path);
}
