using BlazorChat.Channels;
using BlazorChat.Channels.Workers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

[assembly: HostingStartup(typeof(BlazorChat.Tests.Channels.Workers.TestWorkers))]

namespace BlazorChat.Tests.Channels.Workers;

/// <summary>
/// Adds a worker to an app that is started with this assembly (<see cref="Support.NodeProcess.StartWorkerAsync"/>), by the line with which a feature
/// of the app adds one.
/// </summary>
public sealed class TestWorkers : IHostingStartup
{
    public const string Name = "chores";

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(AddTo);

    /// <summary>For a node in the test's own process.</summary>
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
