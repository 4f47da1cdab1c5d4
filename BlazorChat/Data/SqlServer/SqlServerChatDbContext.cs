using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.SqlServer;

public sealed class SqlServerChatDbContext(DbContextOptions<SqlServerChatDbContext> options) : ChatDbContext(options)
{
    /// <summary>Compares code units, as SQLite does: we normalise what is to be equal.</summary>
    public const string Collation = "Latin1_General_100_BIN2";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // The server's collation may take THERE for there, and one emoji for another or for nothing. What it would decide by is compared as it is.
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()).Where(property => property.ClrType == typeof(string)))
        {
            if (property.IsKey() || property.IsIndex() || property.Name.StartsWith("Normalized", StringComparison.Ordinal) || property.Name.StartsWith("Search", StringComparison.Ordinal))
                property.SetCollation(Collation);
        }
    }
}
