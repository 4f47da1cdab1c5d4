using BlazorChat.Tests.Demo;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Demo;

public sealed class DemoVisitTests(DemoSite site, BrowserFixture browser) : IClassFixture<DemoSite>
{
    [Fact]
    public async Task A_visitor_enters_by_one_click_and_reads_both_languages()
    {
        await using var visitor = await browser.NewPersonAsync(site.Node.Address, "Visitor", locale: "en-US");
        await visitor.Page.GotoAsync("");
        await visitor.AssertAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sam Rivera" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "General" }).First.ClickAsync();
        await visitor.SeesAsync("Harbor at six this morning.");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "서울 편집실" }).First.ClickAsync();
        await visitor.SeesAsync("레가타 결승이 곧 시작돼요.");
        await visitor.AssertAccessibleAsync();
    }
}
