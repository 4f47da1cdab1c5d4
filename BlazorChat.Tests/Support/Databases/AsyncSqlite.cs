using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>
/// Makes SQLite asynchronous, as a database server is: each connection, transaction and command first gives its thread back, so no caller
/// finds its task completed. The tests' databases and nodes run over it, unless <c>BLAZORCHAT_TEST_SYNCHRONOUS</c> is set.
/// </summary>
internal sealed class AsyncSqlite : DbCommandInterceptor, IDbConnectionInterceptor, IDbTransactionInterceptor
{
    private static readonly AsyncSqlite Instance = new();

    private AsyncSqlite()
    {
    }

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

    // In a renderer's context the rest waits in its queue, so that the caller has certainly returned first.
    private static async ValueTask<T> LaterAsync<T>(T result)
    {
        await Task.Yield();
        return result;
    }
}

public sealed partial class TestDatabase
{
    /// <summary>Starts the app on the same database and Redis: what the services here write, its visitors read. It is disposed before this.</summary>
    /// <param name="settings">As on the command line: <c>Feeds:RingCapacity=…</c>.</param>
    public async Task<Node> StartHostedAsync(params string[] settings) => await HostedNode.StartAsync(NodeFolder, NodeSettings(settings));

    static partial void AddInterceptors(DbContextOptionsBuilder options) => AsyncSqlite.AddTo(options);
}
