using System.Threading.Channels;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Workers;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>What the workers of a test do with a chore, and what they were given, in order.</summary>
internal sealed class Work
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<Given> _given = System.Threading.Channels.Channel.CreateUnbounded<Given>();

    /// <summary>Runs inside of the worker; what it throws, the worker throws.</summary>
    public Func<Chore, CancellationToken, Task> Do { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The next try that begins.</summary>
    /// <exception cref="OperationCanceledException">None did within 30 seconds.</exception>
    public async Task<Given> NextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        return await _given.Reader.ReadAsync(timeout.Token);
    }

    /// <summary>Every try that has begun and was not read.</summary>
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
