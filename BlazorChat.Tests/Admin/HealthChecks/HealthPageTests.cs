using BlazorChat.Admin.HealthChecks;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms.Reports;
using Bunit;

namespace BlazorChat.Tests.Admin.HealthChecks;

public sealed class HealthPageTests : ComponentTest
{
    protected override void AddServices() => Services.AddSingleton(SiteHealthTests.Create(Site));

    [Fact]
    public async Task It_says_what_needs_a_look_and_checks_again()
    {
        await MakeAdminAsync();
        var page = Render<HealthPage>();
        await page.WaitForElementAsync(".health[data-ready]");

        Assert.StartsWith("Everything works. Some things need a look.", page.Find(".health-summary").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("Mail", page.Find(".health-list li").TextContent, StringComparison.Ordinal);
        Assert.Equal(8, page.FindAll(".health-list li").Count);
        var zoe = await Site.AddPersonAsync("Zoe");
        var room = await Site.Rooms.CreateAsync(zoe, "Room", default);
        await Site.Conversation.SendAsync(zoe, room.Id, Guid.NewGuid(), "one", default);
        await Services.GetRequiredService<MessageReports>().ReportAsync(Ada, room.Id, 1, ReportReason.Spam, "", default);
        await page.Find(".page-header button").ClickAsync(new());
        await page.WaitForStateAsync(() => page.Markup.Contains("1 reported message waits for a decision.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_without_the_right_sees_a_refusal()
    {
        var page = Render<HealthPage>();

        await page.WaitForElementAsync("[role=alert]");
        Assert.Empty(page.FindAll(".health-list"));
    }
}
