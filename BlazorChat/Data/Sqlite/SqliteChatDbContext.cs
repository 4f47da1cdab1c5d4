using BlazorChat.Data.Search;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Data.Sqlite;

public sealed class SqliteChatDbContext(DbContextOptions<SqliteChatDbContext> options) : ChatDbContext(options)
{
    internal override ISearchIndex SearchIndex => new Fts5Index(this);

    internal override async ValueTask<IDisposable?> AcquireWriteLockAsync(CancellationToken cancellationToken) =>
        // An open connection has another form of the same path.
        await WriteLocks.AcquireAsync(new SqliteConnectionStringBuilder(Database.GetConnectionString()).DataSource, cancellationToken);

    // All other writers wait meanwhile, and a prepared statement is several times as fast.
    internal override Task InsertAsync<TEntity>(IReadOnlyList<TEntity> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return Task.CompletedTask;
        using var insert = new PreparedInsert<TEntity>(this);
        insert.Command.Transaction = (SqliteTransaction)Database.CurrentTransaction!.GetDbTransaction();
        foreach (var row in rows)
            insert.Execute(row);
        return Task.CompletedTask;
    }
}
