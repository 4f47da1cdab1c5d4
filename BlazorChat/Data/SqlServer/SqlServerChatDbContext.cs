using BlazorChat.Data.Search;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.SqlServer;

public sealed class SqlServerChatDbContext(DbContextOptions<SqlServerChatDbContext> options) : ChatDbContext(options)
{
    /// <summary>A binary collation, which compares code units as SQLite does. The app normalises what is to be equal.</summary>
    public const string Collation = "Latin1_General_100_BIN2";

    internal override ISearchIndex SearchIndex => new TermIndex(this);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // The server's collation may treat THERE and there as equal, or two emoji. Columns that decide identity or order are compared as they are.
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()).Where(property => property.ClrType == typeof(string)))
        {
            if (property.IsKey() || property.IsIndex() || property.Name.StartsWith("Normalized", StringComparison.Ordinal) || property.Name.StartsWith("Search", StringComparison.Ordinal))
                property.SetCollation(Collation);
        }
    }
}
