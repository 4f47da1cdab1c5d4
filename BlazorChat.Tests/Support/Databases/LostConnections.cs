using System.Data.Common;
using System.Reflection;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorChat.Tests.Support.Databases;

/// <summary>An interceptor that loses the connection at a commit, with the exception of SQL Server's provider: before the commit or after it.</summary>
internal sealed class LostConnections : DbTransactionInterceptor
{
    private int _before;
    private int _after;

    /// <summary>Loses the connection before the next commit, which is not made.</summary>
    public void LoseNextBefore() => _before = 1;

    /// <summary>Loses the connection after the next commit, which is made.</summary>
    public void LoseNextAfter() => _after = 1;

    /// <summary>Whether every requested loss has happened.</summary>
    public bool IsDone => _before == 0 && _after == 0;

    /// <summary>Creates the exception that the provider throws for a lost connection.</summary>
    public static SqlException Lost(Exception? cause = null) => Create(0, 20, Guid.NewGuid(), cause ?? new IOException());

    /// <summary>Creates an exception of the provider.</summary>
    /// <param name="number">SQL Server's number of the error; 0 for an error of the provider.</param>
    /// <param name="errorClass">The class (severity) of the error.</param>
    /// <param name="connection">The id of the connection; empty when it was never made.</param>
    /// <param name="cause">The inner exception.</param>
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
