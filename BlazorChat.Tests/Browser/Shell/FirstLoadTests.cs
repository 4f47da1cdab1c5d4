using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>What a browser without a cache loads for a room.</summary>
public sealed class FirstLoadTests(BrowserFixture browser)
{
    private const int MaxRequests = 20;

    private const int MaxBytes = 350_000;

    /// <summary>The messages that a page has before one scrolls.</summary>
    private const int Messages = 50;

    [Fact]
    public async Task A_room_of_the_published_app_is_twenty_requests_and_a_third_of_a_megabyte()
    {
        Assert.SkipUnless(NodeProcess.IsPublished, "Only a published app has its scripts in one file and all its files compressed: ./test.sh publishes it.");
        await using var node = await NodeProcess.StartAsync();
        await using var first = await browser.NewPersonAsync(node.Address, "Ada");
        await first.SetUpSiteAsync();
        await first.OpenRoomAsync(1);
        for (var i = 1; i <= Messages; i++)
            await first.SendMessageAsync($"{i}: what somebody writes in a room has some sixty characters");
        await first.SeesAsync($"{Messages}: what");
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.Page.Context.AddCookiesAsync((await first.Page.Context.CookiesAsync()).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
        }));
        var requests = new ConcurrentQueue<IRequest>();
        ada.Page.Request += (_, request) => requests.Enqueue(request);

        await ada.OpenRoomAsync(1);
        var beforeReady = requests.Count;
        await ada.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        // Nothing is put off until the room is ready and loaded then.
        Assert.Equal(beforeReady, requests.Count);
        Assert.Contains(requests, request => request.Url.EndsWith("MudBlazor.min.css", StringComparison.Ordinal));
        var sizes = await Task.WhenAll(requests.Select(async request => (request.Url, Bytes: await CountBytesAsync(request))));
        Assert.True(
            sizes.Length <= MaxRequests && sizes.Sum(size => size.Bytes) <= MaxBytes,
            string.Join('\n', sizes.OrderByDescending(size => size.Bytes).Select(size => $"{size.Bytes} {size.Url}")));
    }

    private static async Task<int> CountBytesAsync(IRequest request)
    {
        var sizes = await request.SizesAsync();
        return sizes.ResponseHeadersSize + sizes.ResponseBodySize;
    }
}
