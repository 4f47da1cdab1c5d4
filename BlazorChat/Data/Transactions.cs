using System.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>
/// The one way to a transaction: inside the provider's execution strategy, which does all of it again when the connection is lost. A commit
/// that the database has made is not made again, although its answer was lost (<see cref="CommitMark"/>).
/// </summary>
internal static class Transactions
{
    /// <summary>Times that the work is done at most when rows that it has read are deleted before it saves.</summary>
    private const int MaxReads = 3;

    /// <param name="work">Starts with nothing tracked each time; what it has tracked at its end is saved.</param>
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
                        // What is read next decides; mostly it is a refusal.
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
