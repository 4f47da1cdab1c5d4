using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Shell;

/// <summary>Pages whose circuit cannot be opened at once.</summary>
public sealed class RefusedCircuitTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>
{
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task G3_A_page_that_the_server_has_no_room_for_says_so_and_connects_when_it_has(int status)
    {
        using var member = await site.JoinAsync("Ada");
        var room = await site.AddRoomAsync(member);
        await using var ada = await browser.NewPersonAsync(member);
        ada.ExpectedErrors.Add($"{status}");
        var mayConnect = false;
        await ada.Page.RouteAsync("**/_blazor/negotiate?*", route => Volatile.Read(ref mayConnect)
            ? route.ContinueAsync()
            : route.FulfillAsync(new() { Status = status, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" }, Body = "{}" }));

        await ada.Page.GotoAsync($"rooms/{room.Id}");
        await ada.Page.GetByText("The server is busy").WaitForAsync();
        await ada.ScreenshotAsync($"circuit-refused-{status}");
        await ada.AssertAccessibleAsync();
        await ada.SendMessageAsync("written meanwhile");
        Volatile.Write(ref mayConnect, true);

        await ada.SeesAsync("written meanwhile");
        await Assertions.Expect(ada.Page.GetByText("The server is busy")).ToBeHiddenAsync();
    }
}
