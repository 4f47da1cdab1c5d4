using BlazorChat.Data;
using BlazorChat.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Opens the SQLite file of a running node, to read and write rows beside it.</summary>
internal sealed class DirectDatabase : IAsyncDisposable
{
    /// <summary>Opens the file.</summary>
    /// <param name="folder">The <see cref="Node.DataFolder"/> of the node.</param>
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
