using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.SqlServer;

/// <summary>Checks settings of the database that the app needs, and that a database which EF did not create may lack.</summary>
internal static partial class SqlServerSettings
{
    /// <summary>SQL Server 2016; OPENJSON needs it.</summary>
    private const byte MinCompatibilityLevel = 130;

    /// <summary>Logs each wrong setting with the statement that corrects it.</summary>
    public static async Task CheckAsync(ChatDbContext db, ILogger logger)
    {
        DatabaseRow row;
        try
        {
            row = await db.Database.SqlQuery<DatabaseRow>(
                $"SELECT [name] AS [Name], [is_read_committed_snapshot_on] AS [IsSnapshotOn], [compatibility_level] AS [CompatibilityLevel] FROM sys.databases WHERE [database_id] = DB_ID()").SingleAsync();
        }
        catch (DbException exception)
        {
            LogUnknown(logger, exception);
            return;
        }

        var name = $"[{row.Name.Replace("]", "]]", StringComparison.Ordinal)}]";
        if (!row.IsSnapshotOn)
            LogNoSnapshot(logger, name);
        if (row.CompatibilityLevel < MinCompatibilityLevel)
            LogOldLevel(logger, row.CompatibilityLevel, name, MinCompatibilityLevel);
    }

    [LoggerMessage(1, LogLevel.Warning, "READ_COMMITTED_SNAPSHOT is off, so readers wait for writers and rooms may stand still for seconds. "
        + "Run: ALTER DATABASE {Database} SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE")]
    private static partial void LogNoSnapshot(ILogger logger, string database);

    [LoggerMessage(2, LogLevel.Warning, "The database has compatibility level {Level}, which is too old. Run: ALTER DATABASE {Database} SET COMPATIBILITY_LEVEL = {Needed}")]
    private static partial void LogOldLevel(ILogger logger, byte level, string database, byte needed);

    [LoggerMessage(3, LogLevel.Warning, "Whether READ_COMMITTED_SNAPSHOT is on cannot be asked; it must be, see docs/deployment.md")]
    private static partial void LogUnknown(ILogger logger, Exception exception);

    private sealed record DatabaseRow(string Name, bool IsSnapshotOn, byte CompatibilityLevel);
}
