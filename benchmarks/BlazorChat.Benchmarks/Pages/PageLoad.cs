using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BlazorChat.Benchmarks.Pages;

/// <summary>The first load of a room over a slow line, until one can write in it.</summary>
internal static class PageLoad
{
    private const string Paints =
        """
        () => new Promise(done => {
            const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
            let shift = 0;
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
            }).observe({ type: "layout-shift", buffered: true });
            new PerformanceObserver(list => requestAnimationFrame(() => done([paint, list.getEntries().at(-1).startTime, shift])))
                .observe({ type: "largest-contentful-paint", buffered: true });
        })
        """;

    public static async Task<double?[]> MeasureAsync(PagesPlace place, IBrowser browser)
    {
        var page = await place.OpenPageAsync(browser);
        await using var context = page.Context;
        var line = await context.NewCDPSessionAsync(page);
        await line.SendAsync("Network.enable");
        await line.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false,
            ["latency"] = 150,
            ["downloadThroughput"] = 1_600_000 / 8,
            ["uploadThroughput"] = 750_000 / 8,
        });
        var requests = new ConcurrentQueue<IRequest>();
        page.Request += (_, request) => requests.Enqueue(request);
        await page.GotoAsync($"rooms/{place.RoomId}", new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator(".composer[data-ready]").WaitForAsync();
        var ready = await page.EvaluateAsync<double>("performance.now()");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        var paints = await page.EvaluateAsync<double[]>(Paints);
        var sizes = await Task.WhenAll(requests.Select(request => request.SizesAsync()));
        return
        [
            sizes.Length, sizes.Sum(size => size.ResponseHeadersSize + size.ResponseBodySize) / 1000.0, paints[0], paints[1], ready, paints[2],
        ];
    }
}
