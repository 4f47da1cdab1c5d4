using BlazorChat.Channels;
using BlazorChat.Channels.Workers;

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>
/// Adds a worker to an app that is started with this assembly (<see cref="NodeProcess.StartWithTestWorkersAsync"/>), as a feature adds one.
/// </summary>
public static class TestWorkers
{
    public const string Name = "chores";

    public static void AddTo(IServiceCollection services) => services.AddEvents(ChoreJson.Default).AddWorker<BoardConsumer>(Name);

    private sealed class BoardConsumer : WorkerConsumer<Chore>
    {
        private static readonly HttpClient Http = new();

        public override async ValueTask HandleAsync(Chore job, CancellationToken cancellationToken)
        {
            using var answer = await Http.PostAsync(
                new Uri($"{job.Board}/?number={job.Number}&process={Environment.ProcessId}"), null, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }
}
