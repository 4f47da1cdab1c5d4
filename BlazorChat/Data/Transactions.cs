using System.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>
/// Runs work in a transaction, within the provider's execution strategy, which repeats all of it when the connection is lost. A commit whose answer
/// was lost is not repeated (<see cref="CommitMark"/>). Features begin transactions in no other way.
/// </summary>
internal static class Transactions
{
    /// <summary>How often the work is run when rows that it has read are deleted before it saves.</summary>
    private const int MaxReads = 3;

    /// <summary>Runs work in a transaction, saves what the context tracks and commits.</summary>
    /// <param name="db">The context.</param>
    /// <param name="work">Runs once or more, each time with an empty tracker. Its effects outside of the database must be repeatable.</param>
    /// <param name="cancellationToken">Rolls the transaction back.</param>
    /// <param name="isolation">The isolation level; the provider's default when not given.</param>
    /// <returns>The result of the work in the transaction that was committed.</returns>
    /// <exception cref="DbUpdateException">The database refused a row.</exception>
    public static Task<T> InTransactionAsync<T>(
        this ChatDbContext db,
        Func<CancellationToken, Task<T>> work,
        CancellationToken cancellationToken,
        IsolationLevel isolation = IsolationLevel.Unspecified)
    {
        var strategy = db.Database.CreateExecutionStrategy();
        var (result, mark, reads) = (default(T)!, (CommitMark?)null, 0);
        return strategy.ExecuteAsync(
            async token =>
            {
                if (mark is not null && await db.IsCommittedAsync(mark, token))
                    return result;
                while (true)
                {
                    try
                    {
                        reads++;
                        await CommitAsync(token);
                        return result;
                    }
                    catch (DbUpdateConcurrencyException) when (reads < MaxReads)
                    {
                        // The next read decides, mostly for a refusal.
                    }
                }
            },
            cancellationToken);

        async Task CommitAsync(CancellationToken token)
        {
            db.ChangeTracker.Clear();
            using var writeLock = await db.AcquireWriteLockAsync(token);
            await using var transaction = await db.Database.BeginTransactionAsync(isolation, token);
            result = await work(token);
            mark = strategy.RetriesOnFailure ? db.AddMark().Entity : null;
            await db.SaveChangesAsync(token);
            await transaction.CommitAsync(token);
        }
    }

    /// <inheritdoc cref="InTransactionAsync{T}(ChatDbContext, Func{CancellationToken, Task{T}}, CancellationToken, IsolationLevel)"/>
    public static async Task<T> InTransactionAsync<T>(
        this IDbContextFactory<ChatDbContext> databases, Func<ChatDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.InTransactionAsync(token => work(db, token), cancellationToken);
    }
}
