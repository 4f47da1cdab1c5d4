using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using BlazorChat.Data.SqlServer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>
/// Creates contexts on the SQLite file of a <see cref="TestDatabase"/> that retry as on SQL Server, and that have the interceptors of the test. A
/// test passes it to a service instead of the factory of the node.
/// </summary>
internal sealed class InterceptedDatabase : IDbContextFactory<ChatDbContext>
{
    private readonly DbContextOptions<SqliteChatDbContext> _options;

    public InterceptedDatabase(string folder, params IInterceptor[] interceptors)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, SqliteConnectionString.FileName), ForeignKeys = true };
        _options = new DbContextOptionsBuilder<SqliteChatDbContext>()
            .UseApplicationServiceProvider(new ServiceCollection().AddIdentitySchema().BuildServiceProvider())
            .UseSqlite(connection.ToString(), sqlite => sqlite.ExecutionStrategy(dependencies => new LostConnectionStrategy(dependencies)))
            .AddInterceptors(interceptors)
            .Options;
    }

    public ChatDbContext CreateDbContext() => new SqliteChatDbContext(_options);
}
