using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks.Reports;

/// <summary>docs/performance.md: what stands between a scenario's markers is what its last run has printed.</summary>
internal static class PerformancePage
{
    private static string Docs => Path.Combine(NodeProcess.Repository, "docs");

    /// <exception cref="InvalidOperationException">The page has no markers for this scenario.</exception>
    public static async Task WriteAsync(string scenario, string machine, Run run, IReadOnlyList<Table> tables, string own, CancellationToken cancellationToken)
    {
        var parts = new List<string> { $"Measured on {machine} {(run.Rounds == 1 ? "One round" : $"Medians of {run.Rounds} rounds")}, {run.Seconds} s each." };
        foreach (var (index, table) in tables.Index())
        {
            parts.Add(table.ToString().TrimEnd());
            var image = $"images/performance-{scenario}{(index == 0 ? "" : $"-{index + 1}")}.svg";
            await File.WriteAllTextAsync(Path.Combine(Docs, image), Chart.Draw(table, own), cancellationToken);
            parts.Add($"![{table.Title}]({image})");
        }

        await ReplaceAsync(scenario, string.Join("\n\n", parts), cancellationToken);
    }

    /// <summary>Puts something else between a name's markers.</summary>
    /// <exception cref="InvalidOperationException">The page has no such markers.</exception>
    public static async Task ReplaceAsync(string name, string content, CancellationToken cancellationToken)
    {
        var page = Path.Combine(Docs, "performance.md");
        var text = await File.ReadAllTextAsync(page, cancellationToken);
        var begin = $"<!-- {name}: begin -->\n";
        var end = $"<!-- {name}: end -->";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new InvalidOperationException($"docs/performance.md has no {begin.Trim()} before a {end}");
        await File.WriteAllTextAsync(page, $"{text[..(from + begin.Length)]}{content.TrimEnd()}\n{text[to..]}", cancellationToken);
    }
}
