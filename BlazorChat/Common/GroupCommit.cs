using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Common;

/// <summary>
/// Combines the writes of many callers into few transactions: writes that arrive during one commit go into the next one together. Each caller gets
/// its answer after the commit of its write. Writes that were accepted are still committed when the app stops. Any thread may write; one
/// loop commits.
/// </summary>
/// <typeparam name="TWrite">One write.</typeparam>
/// <typeparam name="TResult">The answer to a write.</typeparam>
/// <example>
/// <code>
/// internal sealed class VoteWriter(IDbContextFactory&lt;ChatDbContext&gt; databases) : GroupCommit&lt;Vote, int&gt;
/// {
///     public Task&lt;int&gt; VoteAsync(Vote vote, CancellationToken cancellationToken) => WriteAsync(vote, cancellationToken);
///
///     protected override async Task&lt;IReadOnlyList&lt;Outcome&gt;&gt; CommitAsync(IReadOnlyList&lt;Vote&gt; writes, CancellationToken cancellationToken)
///     {
///         await using var db = await databases.CreateDbContextAsync(cancellationToken);
///         db.AddRange(writes);
///         await db.SaveChangesAsync(cancellationToken);
///         return [.. writes.Select(vote => new Outcome(vote.Id))];
///     }
/// }
/// </code>
/// Register it as a singleton and as a hosted service: its loop starts with the app.
/// </example>
public abstract class GroupCommit<TWrite, TResult> : BackgroundService
{
    /// <summary>The most writes in one transaction.</summary>
    private const int MaxBatch = 256;

    /// <summary>The most writes in the queue. Beyond it, callers wait.</summary>
    private const int Capacity = 4096;

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Enqueues a write and returns when it is committed.</summary>
    /// <param name="write">The write.</param>
    /// <param name="cancellationToken">Ends the wait. A write that is queued already may still be committed.</param>
    /// <exception cref="InvalidOperationException">The app is stopping and accepts no more writes.</exception>
    /// <exception cref="RefusedException">A rule refused the write, or the disk is full.</exception>
    protected async Task<TResult> WriteAsync(TWrite write, CancellationToken cancellationToken)
    {
        var pending = new Pending(write, new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException("The app is stopping.");
        }

        return await pending.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Commits these writes in one transaction. Called by one loop, so calls never overlap. After a <see cref="DbUpdateConcurrencyException"/> the same
    /// writes are committed again, at most twice; after another <see cref="DbUpdateException"/> each on its own. Any other exception is thrown to the
    /// callers of all these writes.
    /// </summary>
    /// <param name="writes">1 to 256 writes, in the order of their callers.</param>
    /// <param name="cancellationToken">Never cancelled: accepted writes are committed when the app stops.</param>
    /// <returns>The outcome of each write, in their order.</returns>
    protected abstract Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<TWrite> writes, CancellationToken cancellationToken);

    /// <summary>Disposes what the writer holds between transactions. Called when the app stops, after the last transaction.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = stoppingToken.Register(() => _queue.Writer.TryComplete());
        var batch = new List<Pending>(MaxBatch);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var next))
                batch.Add(next);
            await AnswerAsync(batch);
            batch.Clear();
        }

        await CleanUpAsync();
    }

    private async Task AnswerAsync(IReadOnlyList<Pending> batch, int triesLeft = 2)
    {
        try
        {
            var outcomes = await CommitAsync([.. batch.Select(pending => pending.Write)], CancellationToken.None);
            foreach (var (pending, outcome) in batch.Zip(outcomes))
                outcome.Complete(pending.Answer);
        }
        catch (DbUpdateConcurrencyException) when (triesLeft > 0)
        {
            // A row was deleted between the read and the save. The next read decides, mostly for a refusal.
            await AnswerAsync(batch, triesLeft - 1);
        }
        catch (DbUpdateException exception) when (batch.Count > 1 && !DiskFull.Is(exception))
        {
            // One write fails the transaction. Each is then committed on its own, so that the others succeed.
            foreach (var pending in batch)
                await AnswerAsync([pending]);
        }
        catch (Exception exception)
        {
            // EF has logged the exception; a full disk becomes a sentence for the person.
            foreach (var pending in batch)
                pending.Answer.SetException(DiskFull.Is(exception) ? DiskFull.Refusal() : exception);
        }
    }

    /// <summary>The outcome of one write: a result or an exception.</summary>
    protected readonly record struct Outcome(TResult? Result, Exception? Refusal)
    {
        public Outcome(TResult result)
            : this(result, null)
        {
        }

        public Outcome(Exception refusal)
            : this(default, refusal)
        {
        }

        internal void Complete(TaskCompletionSource<TResult> answer)
        {
            if (Refusal is null)
                answer.SetResult(Result!);
            else
                answer.SetException(Refusal);
        }
    }

    private readonly record struct Pending(TWrite Write, TaskCompletionSource<TResult> Answer);
}
