using BlazorChat.Benchmarks.Measuring;
using BlazorChat.Benchmarks.Servers;
using Microsoft.Playwright;

namespace BlazorChat.Benchmarks.Pages;

/// <summary>
/// What a person at a browser waits for, by Chromium's own observers: the first load of a room over a slow line, typing, scrolling, and going to
/// another room. The app must be published: <c>BLAZORCHAT_TEST_APP</c> has its folder, and <c>BLAZORCHAT_EARLIER_APP</c> that of an earlier one.
/// </summary>
internal sealed class PagesScenario : IScenario
{
    public string Name => "pages";

    public async Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken)
    {
        var load = new Table(
            "First load of a room, 1.6 Mbit/s and 150 ms",
            new Column("requests", "0"),
            new Column("kB", "0"),
            new Column("ms to first contentful paint", "0"),
            new Column("ms to largest contentful paint", "0"),
            new Column("ms to ready", "0", IsCharted: true),
            new Column("layout shift", "0.000"));
        var use = new Table(
            "A room in use",
            new Column("tasks over 50 ms while 200 characters are typed", "0"),
            new Column("tasks over 50 ms while messages are scrolled", "0"),
            new Column("the longest, ms", "0"),
            new Column("ms to another room, p50", "0"),
            new Column("p95", "0", IsCharted: true));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium-headless-shell", Args = ["--no-sandbox", "--disable-gpu"] });
        for (var round = 1; round <= run.Rounds; round++)
        {
            foreach (var (name, program) in Peers)
            {
                Run.Report($"pages, round {round} of {run.Rounds}, {name}");
                await using var place = await PagesPlace.StartAsync(program, run.IsQuick ? 200 : 1_000, cancellationToken);
                if (run.Wants(load.Title, name))
                    load.Add(name, await PageLoad.MeasureAsync(place, browser));
                if (run.Wants(use.Title, name))
                    use.Add(name, await PageUse.MeasureAsync(place, browser, switches: run.IsQuick ? 4 : 40));
            }
        }

        return [load, use];
    }

    private static IEnumerable<(string Name, string Program)> Peers =>
        Environment.GetEnvironmentVariable("BLAZORCHAT_EARLIER_APP") is { Length: > 0 } folder
            ? [("an earlier build", Path.Combine(folder, "BlazorChat.dll")), (IScenario.Own, Built.App)]
            : [(IScenario.Own, Built.App)];
}
