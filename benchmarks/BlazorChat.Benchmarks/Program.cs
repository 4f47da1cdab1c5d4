using System.Runtime.InteropServices;
using BlazorChat.Benchmarks;
using BlazorChat.Benchmarks.CatchUp;
using BlazorChat.Benchmarks.Circuits;
using BlazorChat.Benchmarks.Groups;
using BlazorChat.Benchmarks.History;
using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Nodes;
using BlazorChat.Benchmarks.Pages;
using BlazorChat.Benchmarks.Presence;
using BlazorChat.Benchmarks.Reports;
using BlazorChat.Benchmarks.Search;
using BlazorChat.Benchmarks.Sends;
using BlazorChat.Benchmarks.Sockets;
using BlazorChat.Benchmarks.Start;
using BlazorChat.Benchmarks.Streams;

IScenario[] all = [new SocketsScenario(), new CircuitsScenario(), new SendsScenario(), new AttentionScenario(), new PresenceScenario(), new StreamsScenario(), new CatchUpScenario(), new HistoryScenario(), new SearchScenario(), new StartScenario(), new PagesScenario(), new NodesScenario(), new GroupsScenario()];
var arguments = Arguments.TryParse(args);
var chosen = arguments is null ? [] : all.Where(scenario => arguments.Scenario == "all" || scenario.Name == arguments.Scenario).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"Usage: {Arguments.Usage}\nScenarios: {string.Join(", ", all.Select(scenario => scenario.Name))}, all");
    return 2;
}

// Servers end with the scenario that started them, also when that is interrupted or lasts too long.
using var over = new CancellationTokenSource(TimeSpan.FromHours(1) * chosen.Length);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
var run = Run.Of(arguments!);
var machine = await Machine.DescribeAsync(TimeProvider.System.GetUtcNow());
var wrongs = new List<string>();
foreach (var scenario in chosen)
{
    Table[] tables = [.. (await scenario.MeasureAsync(run, over.Token)).Where(table => table.Peers.Any())];
    Run.EndReport();
    Console.WriteLine($"{scenario.Name}, {machine}\n\n{string.Join('\n', tables)}");
    wrongs.AddRange(tables.SelectMany(table => table.Wrongs(IScenario.Own)));
    if (run.IsForThePage)
        await PerformancePage.WriteAsync(scenario.Name, machine, run, tables, IScenario.Own, over.Token);
}

foreach (var wrong in wrongs)
    Console.Error.WriteLine($"Not zero: {wrong}");
return wrongs.Count == 0 ? 0 : 1;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    over.Cancel();
}
