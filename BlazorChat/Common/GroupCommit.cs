using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Common;

/// <summary>
/// Many writers, one transaction: what gathers while one commit is under way goes into the next one together. Each caller gets
/// an answer after the commit that holds its write. What was accepted is still written when the app stops.
/// </summary>
public abstract class GroupCommit<TWrite, TResult> : BackgroundService
{
    /// <summary>Writes in one transaction.</summary>
    private const int MaxBatch = 256;

    /// <summary>Writes that may wait; beyond it callers wait for room.</summary>
    private const int Capacity = 4096;

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Writes something and returns when it is committed.</summary>
    /// <param name="cancellationToken">Ends the waiting; a write that is in the queue already may still be made.</param>
    /// <exception cref="InvalidOperationException">The app is stopping and takes no more.</exception>
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

    /// <summary>Makes these writes in one transaction and returns what became of each, in their order.</summary>
    protected abstract Task<IReadOnlyList<Outcome>> CommitAsync(IReadOnlyList<TWrite> writes, CancellationToken cancellationToken);

    /// <summary>Gives back what was kept for the next transaction: there is none.</summary>
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
            // A row was deleted between reading and saving: what is read now decides, which is mostly a refusal.
            await AnswerAsync(batch, triesLeft - 1);
        }
        catch (DbUpdateException exception) when (batch.Count > 1 && !DiskFull.Is(exception))
        {
            // One of them is to blame: it must not take the others with it.
            foreach (var pending in batch)
                await AnswerAsync([pending]);
        }
        catch (Exception exception)
        {
            // The reason is in the log already; the person gets a sentence.
            foreach (var pending in batch)
                pending.Answer.SetException(DiskFull.Is(exception) ? DiskFull.Refusal() : exception);
        }
    }

    /// <summary>What became of one write.</summary>
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
