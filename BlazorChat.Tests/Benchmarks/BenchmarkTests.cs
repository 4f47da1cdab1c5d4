using System.Diagnostics;

namespace BlazorChat.Tests.Benchmarks;

/// <summary>What is measured runs to its end, small and short: its figures mean nothing here, but its counts must be right.</summary>
public sealed class BenchmarkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    [Fact]
    public async Task Streams_are_measured_and_nothing_is_lost_doubled_or_reordered()
    {
        var rows = await RunAsync("streams");

        Assert.Equal(["bare Kestrel", "BlazorChat"], rows.Select(row => row.Peer));
        Assert.All(rows, row => Assert.Equal(["0", "0", "0"], row.Figures[^3..]));
    }

    [Fact]
    public async Task Sockets_are_measured_and_none_of_ours_is_closed_or_misses_anything()
    {
        var rows = await RunAsync("sockets");

        // Channels is there where its packages are; it is named as skipped elsewhere.
        Assert.Contains(rows, row => row.Peer == "bare Kestrel");
        Assert.Contains(rows, row => row.Peer == "SignalR, Redis backplane");
        Assert.Equal(7, rows.Count(row => row.Peer == "BlazorChat"));
    }

    [Fact]
    public async Task Circuits_are_measured_and_none_of_ours_is_closed_or_misses_anything()
    {
        var rows = await RunAsync("circuits");

        Assert.Equal(
            ["hello world", "BlazorChat, compressed", "tutorial, a hub connection for each circuit", "tutorial, a service with an event", "BlazorChat"],
            rows.Select(row => row.Peer));
        Assert.All(rows.Where(row => row.Figures.Length > 4), row => Assert.Equal("0", row.Figures[^3]));
    }

    [Theory]
    [InlineData("sends", "SaveChanges for each message", "BlazorChat")]
    [InlineData("attention", "plain", "an email address", "a mention", "a mention of the room", "plain, to devices", "a mention, to devices", "plain, large room", "a mention of the room, large room")]
    [InlineData("presence", "nobody", "everybody stays", "one in a hundred changes each second")]
    [InlineData("catch-up", "100, at hand", "100, from the database")]
    [InlineData("history", "100 messages", "10,000 messages")]
    [InlineData("search", "FTS5 alone, newest first", "FTS5 alone, best first", "BlazorChat", "FTS5 alone, newest first", "FTS5 alone, best first", "BlazorChat", "FTS5 alone, newest first", "FTS5 alone, best first", "BlazorChat")]
    [InlineData("nodes", "one node", "3 nodes")]
    [InlineData("groups", "one group", "1,000 groups")]
    [InlineData("start", "bare Kestrel", "BlazorChat, which makes its database", "BlazorChat")]
    [InlineData("pages", "BlazorChat", "BlazorChat")]
    public async Task Each_scenario_runs_to_its_end(string scenario, params string[] peers)
    {
        var rows = await RunAsync(scenario);

        Assert.Equal(peers, rows.Select(row => row.Peer));
        Assert.DoesNotContain("-", rows.SelectMany(row => row.Figures));
    }

    [Fact]
    public async Task Each_micro_benchmark_runs_to_its_end()
    {
        var rows = await RunProjectAsync("BlazorChat.MicroBenchmarks");

        Assert.Equal(21, rows.Count);
    }

    /// <summary>Runs a scenario; it fails by itself when something of ours that must be zero is not.</summary>
    private static Task<IReadOnlyList<(string Peer, string[] Figures)>> RunAsync(string scenario) => RunProjectAsync("BlazorChat.Benchmarks", scenario);

    /// <summary>Runs benchmarks with <c>--quick</c>, which write nothing then; the rows of their tables.</summary>
    private static async Task<IReadOnlyList<(string Peer, string[] Figures)>> RunProjectAsync(string project, params string[] arguments)
    {
        var folder = AppContext.BaseDirectory.Replace("BlazorChat.Tests", $"benchmarks/{project}", StringComparison.Ordinal);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{project}.dll"), .. arguments, "--quick"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync().WaitAsync(Limit);
        Assert.True(process.ExitCode == 0, $"{await errors}\n{output}");
        var lines = output.Split('\n');
        return [.. lines.Zip(lines.Skip(1)).Where(pair => IsRow(pair.First) && !IsRule(pair.Second)).Select(pair => ReadRow(pair.First))];
    }

    private static bool IsRow(string line) => line.StartsWith("| ", StringComparison.Ordinal);

    /// <summary>What stands below the head of a table.</summary>
    private static bool IsRule(string line) => line.StartsWith("|--", StringComparison.Ordinal);

    private static (string Peer, string[] Figures) ReadRow(string line)
    {
        var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
        return (cells[0], cells[1..]);
    }
}
