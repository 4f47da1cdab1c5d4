using BlazorChat.Benchmarks.Measuring;
using Microsoft.Playwright;

namespace BlazorChat.Benchmarks.Pages;

/// <summary>Typing and scrolling in an open room, and going to another one.</summary>
internal static class PageUse
{
    private const int Typed = 200;

    /// <summary>Milliseconds between two keys of a fast typist.</summary>
    private const int KeyPause = 30;

    /// <summary>Turns of the wheel for each message, at the most.</summary>
    private const int TurnsPerMessage = 2;

    // A task of 50 ms and more is reported.
    private const string Observe =
        """
        () => {
            globalThis.longTasks = [];
            new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration))).observe({ type: "longtask" });
        }
        """;

    // The reports of tasks that have ended come with the next ones.
    private const string Collect =
        """
        () => new Promise(done => setTimeout(() => {
            const [count, longest] = [longTasks.length, Math.max(0, ...longTasks)];
            longTasks.length = 0;
            done([count, longest]);
        }, 100))
        """;

    private const string Switch =
        """
        room => new Promise(done => {
            const began = performance.now();
            const check = () => {
                if (document.querySelector(`.messages[data-placed] .messages-inside[data-room="${room}"]`) !== null
                    && document.querySelector(`.composer[data-ready][data-conversation$="/${room}"]`) !== null) done(performance.now() - began);
                else requestAnimationFrame(check);
            };
            document.querySelector(`nav a[href$="rooms/${room}"]`).click();
            check();
        })
        """;

    public static async Task<double?[]> MeasureAsync(PagesPlace place, IBrowser browser, int switches)
    {
        var page = await place.OpenPageAsync(browser);
        await using var context = page.Context;
        await page.GotoAsync($"rooms/{place.RoomId}");
        await page.Locator(".composer[data-ready]").WaitForAsync();
        await page.Locator(".messages[data-placed]").WaitForAsync();
        await page.EvaluateAsync(Observe);
        await page.EvaluateAsync(Collect);

        await page.Locator(".composer textarea").PressSequentiallyAsync(string.Concat(Enumerable.Repeat("word ", Typed / 5)), new() { Delay = KeyPause });
        var typing = await page.EvaluateAsync<double[]>(Collect);
        await page.Locator(".composer textarea").FillAsync("");

        await ScrollAsync(page, place.Messages);
        var scrolling = await page.EvaluateAsync<double[]>(Collect);

        var latencies = new Latencies();
        for (var i = 0; i < switches; i++)
            latencies.Add(TimeSpan.FromMilliseconds(await page.EvaluateAsync<double>(Switch, i % 2 == 0 ? place.OtherRoomId : place.RoomId)));
        return [typing[0], scrolling[0], Math.Max(typing[1], scrolling[1]), latencies.Percentile(0.5), latencies.Percentile(0.95)];
    }

    /// <summary>Turns the wheel until the first message is there.</summary>
    private static async Task ScrollAsync(IPage page, int messages)
    {
        await page.Locator(".messages").HoverAsync();
        for (var turn = 0; turn < messages * TurnsPerMessage; turn++)
        {
            await page.Mouse.WheelAsync(0, -400);
            if (await page.EvaluateAsync<bool>("() => new Promise(done => requestAnimationFrame(() => done(document.getElementById('m-1') !== null)))"))
                return;
        }

        throw new InvalidOperationException("The first message was not reached.");
    }
}
