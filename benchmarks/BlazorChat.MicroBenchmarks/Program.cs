using System.Reflection;
using BenchmarkDotNet.Running;
using BlazorChat.Benchmarks.Reports;
using BlazorChat.MicroBenchmarks;

const string Quick = "--quick";
string[] everything = ["--filter", "*"];

var isQuick = args.Contains(Quick);
string[] asked = [.. args.Where(argument => argument != Quick)];
if (asked.Length == 0)
    asked = everything;

var summaries = BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(asked, MicroConfig.Create(isQuick)).ToArray();
var failures = summaries.SelectMany(MicroTable.Failures).ToArray();
var table = MicroTable.From(summaries);
var machine = await Machine.DescribeAsync(TimeProvider.System.GetUtcNow());
Console.WriteLine($"micro, {machine}\n\n{table}");
foreach (var failure in failures)
    Console.Error.WriteLine($"Failed: {failure}");
if (failures.Length > 0 || !table.Peers.Any())
    return 1;
if (!isQuick && asked.SequenceEqual(everything))
    await PerformancePage.ReplaceAsync("micro", $"Measured on {machine}\n\n{table}", CancellationToken.None);
return 0;
