using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>
/// An interceptor that makes SQLite asynchronous, like a database server: each connection, transaction and command yields first, so no caller
/// gets a completed task. The databases and nodes of the tests have it, unless <c>BLAZORCHAT_TEST_SYNCHRONOUS</c> is set.
/// </summary>
internal sealed class AsyncSqlite : DbCommandInterceptor, IDbConnectionInterceptor, IDbTransactionInterceptor
{
    private static readonly AsyncSqlite Instance = new();

    private AsyncSqlite()
    {
    }

    /// <summary>Whether the interceptor is enabled.</summary>
    public static bool IsOn { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("BLAZORCHAT_TEST_SYNCHRONOUS"));

    public static void AddTo(DbContextOptionsBuilder options)
    {
        if (IsOn)
            options.AddInterceptors(Instance);
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    public ValueTask<InterceptionResult> TransactionRollingBackAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        LaterAsync(result);

    // In the context of a renderer the continuation is queued, so the caller always returns first.
    private static async ValueTask<T> LaterAsync<T>(T result)
    {
        await Task.Yield();
        return result;
    }
}

public sealed partial class TestDatabase
{
    /// <summary>Starts a node of the app on the same database and Redis, whose visitors see what the services here write. Dispose it before this.</summary>
    /// <param name="settings">Settings as on the command line: <c>Feeds:RingCapacity=…</c>.</param>
    public async Task<Node> StartHostedAsync(params string[] settings) => await HostedNode.StartAsync(NodeFolder, NodeSettings(settings));

    static partial void AddInterceptors(DbContextOptionsBuilder options)
    {
        options.AddInterceptors(FlowCommands.Instance);
        AsyncSqlite.AddTo(options);
    }
}
