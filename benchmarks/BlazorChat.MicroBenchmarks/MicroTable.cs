using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.MicroBenchmarks;

/// <summary>What the benchmarks have measured, as the page shows it.</summary>
internal static class MicroTable
{
    public static Table From(IEnumerable<Summary> summaries)
    {
        var table = new Table("Done once", new Column("µs, mean", "#,0.00"), new Column("bytes allocated", "#,0"));
        foreach (var report in summaries.SelectMany(summary => summary.Reports).Where(report => report.ResultStatistics is not null))
        {
            var benchmark = report.BenchmarkCase;
            table.Add(NameOf(benchmark), report.ResultStatistics!.Mean / 1000, report.GcStats.GetBytesAllocatedPerOperation(benchmark));
        }

        return table;
    }

    /// <summary>The benchmarks that did not complete.</summary>
    public static IEnumerable<string> Failures(Summary summary) =>
    [
        .. summary.ValidationErrors.Where(error => error.IsCritical).Select(error => error.Message),
        .. summary.Reports.Where(report => !report.Success || report.ResultStatistics is null).Select(report => NameOf(report.BenchmarkCase)),
    ];

    /// <summary>The benchmark's description, with its parameters where that has places for them.</summary>
    private static string NameOf(BenchmarkCase benchmark) => string.Format(
        CultureInfo.InvariantCulture, benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\''), [.. benchmark.Parameters.Items.Select(item => item.Value)]);
}
