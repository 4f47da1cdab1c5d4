using System.Threading.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Workers;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>Defines what the workers of a test do with a chore, and records the chores that they got, in order.</summary>
internal sealed class Work
{
    private readonly Channel<Given> _given = System.Threading.Channels.Channel.CreateUnbounded<Given>();

    /// <summary>Called by the worker for each chore; the worker throws what it throws.</summary>
    public Func<Chore, CancellationToken, Task> Do { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Waits for the next try that starts.</summary>
    /// <exception cref="OperationCanceledException">None started within <see cref="TestWait.Limit"/>.</exception>
    public async Task<Given> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        return await _given.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>Returns every try that has started and was not read.</summary>
    public IReadOnlyList<Given> ReadAll()
    {
        var all = new List<Given>();
        while (_given.Reader.TryRead(out var given))
            all.Add(given);
        return all;
    }

    private Task BeginAsync(WorkerConsumer consumer, Chore chore, CancellationToken cancellationToken)
    {
        _given.Writer.TryWrite(new Given(chore.Number, consumer, consumer.Scope));
        return Do(chore, cancellationToken);
    }

    public sealed record Given(int Number, WorkerConsumer Consumer, ConsumerScope Scope);

    public sealed class ChoreConsumer(Work work) : WorkerConsumer<Chore>
    {
        public override async ValueTask HandleAsync(Chore job, CancellationToken cancellationToken) =>
            await work.BeginAsync(this, job, cancellationToken);
    }
}
