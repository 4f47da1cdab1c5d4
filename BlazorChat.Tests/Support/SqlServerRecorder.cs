using System.Data.Common;
using BlazorChat.Data;
using BlazorChat.Data.SqlServer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Support;

/// <summary>
/// Stands where a SQL Server would: keeps the text of every command that the app sends, and answers each question with the
/// same number of rows, none or one. What is kept can be parsed and checked against the schema without a server.
/// </summary>
internal sealed class SqlServerRecorder(int rows) : DbCommandInterceptor, IDbConnectionInterceptor, IDbTransactionInterceptor, IDbContextFactory<ChatDbContext>
{
    private readonly List<(string Sql, string[] Parameters)> _commands = [];

    public IReadOnlyList<(string Sql, string[] Parameters)> Commands => _commands;

    public ChatDbContext CreateDbContext() => new SqlServerChatDbContext(
        new DbContextOptionsBuilder<SqlServerChatDbContext>()
            .UseApplicationServiceProvider(new ServiceCollection().AddIdentitySchema().BuildServiceProvider())
            .UseSqlServer("Server=nowhere;Database=BlazorChat")
            .AddInterceptors(this)
            .Options);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Record(command);
        return ValueTask.FromResult(InterceptionResult<DbDataReader>.SuppressWithResult(new PlausibleReader(rows)));
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Record(command);
        return ValueTask.FromResult(InterceptionResult<int>.SuppressWithResult(1));
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(InterceptionResult.Suppress());

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        var standIn = new SqliteConnection("Data Source=:memory:");
        standIn.Open();
        return ValueTask.FromResult(InterceptionResult<DbTransaction>.SuppressWithResult(standIn.BeginTransaction()));
    }

    private void Record(DbCommand command) =>
        _commands.Add((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(p => p.ParameterName)]));
}
