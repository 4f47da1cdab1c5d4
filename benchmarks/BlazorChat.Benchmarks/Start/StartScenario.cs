using System.Diagnostics;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Servers;

namespace BlazorChat.Benchmarks.Start;

/// <summary>How long after its command a server gives its first page. The build of the repository, which is not compiled ahead.</summary>
internal sealed class StartScenario : IScenario
{
    public string Name => "start";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var table = new Table(
            "From the command to the first page",
            new Column("ms to its address", "0"),
            new Column("ms to its first page", "0", IsCharted: true),
            new Column("CPU ms", "0"),
            new Column("MiB resident then", "0"));
        using var http = new HttpClient();
        for (var round = 1; round <= run.Rounds; round++)
        {
            var folder = NodeProcess.NewDataFolder();
            foreach (var (name, program, arguments) in Peers(folder).Where(peer => run.Wants(table.Title, peer.Name)))
            {
                Run.Report($"start, round {round} of {run.Rounds}, {name}");
                table.Add(name, await MeasureAsync(http, program, arguments, cancellationToken));
            }

            Directory.Delete(folder, recursive: true);
        }

        return [table];
    }

    private static (string Name, string Program, string[] Arguments)[] Peers(string folder) =>
    [
        ("bare Kestrel", Built.Peer("Kestrel"), []),
        ("BlazorChat, which makes its database", Built.App, ["--Data:Folder", folder]),
        (IScenario.Own, Built.App, ["--Data:Folder", folder]),
    ];

    private static async Task<double?[]> MeasureAsync(HttpClient http, string program, string[] arguments, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(program, arguments);
        var listening = Stopwatch.GetElapsedTime(began);
        using var page = await http.GetAsync(server.Address, cancellationToken);
        await page.Content.ReadAsByteArrayAsync(cancellationToken);
        var answered = Stopwatch.GetElapsedTime(began);
        var cpu = server.CpuMicroseconds;
        return [listening.TotalMilliseconds, answered.TotalMilliseconds, cpu / 1000, server.ResidentBytes / (1024.0 * 1024)];
    }
}
