using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.Sqlite;

public sealed class SqliteChatDbContext(DbContextOptions<SqliteChatDbContext> options) : ChatDbContext(options)
{
    internal override async ValueTask<IDisposable?> AcquireWriteLockAsync(CancellationToken cancellationToken) =>
        await WriteLocks.AcquireAsync(Database.GetDbConnection().DataSource, cancellationToken);
}
