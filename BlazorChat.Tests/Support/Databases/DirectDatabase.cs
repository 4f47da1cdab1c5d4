using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Looks into the SQLite file of a running node.</summary>
internal sealed class DirectDatabase : IAsyncDisposable
{
    /// <param name="folder">The node's <see cref="NodeProcess.DataFolder"/>.</param>
    public DirectDatabase(string folder)
    {
        var options = new DbContextOptionsBuilder<SqliteChatDbContext>()
            .UseApplicationServiceProvider(new ServiceCollection().AddIdentitySchema().BuildServiceProvider());
        SqliteConnectionString.Configure(options, folder);
        Db = new SqliteChatDbContext((DbContextOptions<SqliteChatDbContext>)options.Options);
    }

    public ChatDbContext Db { get; }

    public ValueTask DisposeAsync() => Db.DisposeAsync();
}
