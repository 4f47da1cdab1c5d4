using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>What a browser without a cache loads for a room.</summary>
public sealed class FirstLoadTests(BrowserFixture browser)
{
    private const int MaxBytes = 350_000;

    [Fact]
    public async Task A_room_of_the_published_app_is_a_third_of_a_megabyte()
    {
        Assert.SkipUnless(NodeProcess.IsPublished, "Only a published app has all its files compressed: ./test.sh publishes it.");
        await using var node = await NodeProcess.StartAsync();
        await using var first = await browser.NewPersonAsync(node.Address, "Ada");
        await first.SetUpSiteAsync();
        await using var ada = await browser.NewPersonAsync(node.Address, "Ada");
        await ada.Page.Context.AddCookiesAsync((await first.Page.Context.CookiesAsync()).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
        }));
        var requests = new List<IRequest>();
        ada.Page.RequestFinished += (_, request) => requests.Add(request);

        await ada.OpenRoomAsync(1);
        await ada.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var sizes = await Task.WhenAll(requests.ToArray().Select(async request => (request.Url, Bytes: await CountBytesAsync(request))));
        Assert.Contains(sizes, size => size.Url.EndsWith("MudBlazor.min.css", StringComparison.Ordinal));
        Assert.True(
            sizes.Sum(size => size.Bytes) <= MaxBytes,
            string.Join('\n', sizes.OrderByDescending(size => size.Bytes).Select(size => $"{size.Bytes} {size.Url}")));
    }

    private static async Task<int> CountBytesAsync(IRequest request)
    {
        var sizes = await request.SizesAsync();
        return sizes.ResponseHeadersSize + sizes.ResponseBodySize;
    }
}
