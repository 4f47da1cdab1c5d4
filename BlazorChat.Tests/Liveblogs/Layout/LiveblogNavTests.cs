using BlazorChat.Accounts.Rights;
using BlazorChat.Liveblogs.Layout;
using Bunit;

namespace BlazorChat.Tests.Liveblogs.Layout;

public sealed class LiveblogNavTests : ComponentTest
{
    [Fact]
    public async Task The_drawer_lists_visible_liveblogs_and_follows_their_changes()
    {
        var admin = await Site.AddPersonAsync("Admin", isAdmin: true);
        var mine = await Site.Lifecycle.CreateAsync(admin, "Mine", "mine", default);
        await Site.Editors.AddAsync(admin, mine.Id, "ada@example.org", default);
        var secret = await Site.Lifecycle.CreateAsync(admin, "Secret", "secret", default);
        var nav = Render<LiveblogNav>();
        await WaitForAsync(nav, "Mine Draft");
        Assert.Equal("liveblogs/mine", nav.Find("li a").GetAttribute("href"));

        await Site.Lifecycle.StartAsync(admin, secret.Id, default);
        await WaitForAsync(nav, "Live Secret", "Mine Draft");
        await Site.Lifecycle.DescribeAsync(admin, secret.Id, "<b>Known</b>", "", default);
        await WaitForAsync(nav, "Live <b>Known</b>", "Mine Draft");
        await Site.Lifecycle.ArchiveAsync(admin, secret.Id, default);
        await WaitForAsync(nav, "Mine Draft");
        await Site.Editors.RemoveAsync(admin, mine.Id, Ada.UserId, default);
        await Site.Lifecycle.DescribeAsync(admin, mine.Id, "No longer Ada's", "", default);
        await WaitForAsync(nav);
    }

    [Fact]
    public async Task The_drawer_shows_ten_liveblogs_and_a_link_to_all()
    {
        var admin = await Site.AddPersonAsync("Admin", isAdmin: true);
        for (var i = 1; i <= 12; i++)
            await Site.StartLiveblogAsync(admin, $"day-{i}", $"Day {i}");

        var nav = Render<LiveblogNav>();

        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 10);
        Assert.Equal("Live Day 12", Lines(nav)[0]);
        Assert.Equal("liveblogs", nav.Find("a[title='All liveblogs']").GetAttribute("href"));
    }

    private static Task WaitForAsync(IRenderedComponent<LiveblogNav> nav, params string[] lines) =>
        nav.WaitForStateAsync(() => Lines(nav).SequenceEqual(lines));

    private static string[] Lines(IRenderedComponent<LiveblogNav> nav) =>
        [.. nav.FindAll("li").Select(line => string.Join(' ', line.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)))];
}
