using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data.Sqlite;

public sealed class SqliteChatDbContext(DbContextOptions<SqliteChatDbContext> options) : ChatDbContext(options)
{
    internal override async ValueTask<IDisposable?> TakeWriteTurnAsync(CancellationToken cancellationToken) =>
        await WriteTurns.TakeAsync(Database.GetDbConnection().DataSource, cancellationToken);
}
