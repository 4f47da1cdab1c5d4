using System.Data.Common;
using System.Reflection;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>Loses the connection at a commit, as SQL Server's provider says it: before the database has made it, or after.</summary>
internal sealed class LostConnections : DbTransactionInterceptor
{
    private int _before;
    private int _after;

    /// <summary>The next commit is not made.</summary>
    public void LoseNextBefore() => _before = 1;

    /// <summary>The next commit is made, and its answer is lost.</summary>
    public void LoseNextAfter() => _after = 1;

    /// <summary>Whether what was asked for has happened.</summary>
    public bool IsDone => _before == 0 && _after == 0;

    /// <summary>What the provider throws when a connection that it had is gone.</summary>
    public static SqlException Lost(Exception? cause = null) => Create(0, 20, Guid.NewGuid(), cause ?? new IOException());

    /// <param name="number">SQL Server's number of the error; 0 for one of the provider's own.</param>
    /// <param name="connection">Empty for one that was never made.</param>
    public static SqlException Create(int number, byte errorClass, Guid connection, Exception? cause)
    {
        const BindingFlags hidden = BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var errors = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        var error = typeof(SqlError)
            .GetConstructor(hidden, [typeof(int), typeof(byte), typeof(byte), typeof(string), typeof(string), typeof(string), typeof(int), typeof(Exception)])!
            .Invoke([number, (byte)0, errorClass, "server", "lost", "", 0, cause]);
        typeof(SqlErrorCollection).GetMethod("Add", hidden)!.Invoke(errors, [error]);
        return (SqlException)typeof(SqlException)
            .GetMethod("CreateException", hidden, [typeof(SqlErrorCollection), typeof(string), typeof(Guid), typeof(Exception)])!
            .Invoke(null, [errors, "", connection, cause])!;
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _before, 0) == 1 ? throw Lost() : ValueTask.FromResult(result);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _after, 0) == 1 ? throw Lost() : Task.CompletedTask;
}
