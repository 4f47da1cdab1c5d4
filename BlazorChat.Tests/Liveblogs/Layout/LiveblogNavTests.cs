using BlazorChat.Accounts.Rights;
using BlazorChat.Liveblogs.Layout;
using Bunit;

namespace BlazorChat.Tests.Liveblogs.Layout;

public sealed class LiveblogNavTests : ComponentTest
{
    [Fact]
    public async Task The_drawer_lists_what_one_may_see_and_follows_what_starts_is_renamed_and_ends()
    {
        var admin = await Site.AddPersonAsync("Admin", isAdmin: true);
        var mine = await Site.Liveblogs.CreateAsync(admin, "Mine", "mine", default);
        await Site.Editors.AddAsync(admin, mine.Id, "ada@example.org", default);
        var secret = await Site.Liveblogs.CreateAsync(admin, "Secret", "secret", default);
        var nav = Render<LiveblogNav>();
        await WaitForAsync(nav, "Mine draft");
        Assert.Equal("liveblogs/mine", nav.Find("li a").GetAttribute("href"));

        await Site.Liveblogs.StartAsync(admin, secret.Id, default);
        await WaitForAsync(nav, "Live Secret", "Mine draft");
        await Site.Liveblogs.NameAsync(admin, secret.Id, "<b>Known</b>", "", default);
        await WaitForAsync(nav, "Live <b>Known</b>", "Mine draft");
        await Site.Liveblogs.ArchiveAsync(admin, secret.Id, default);
        await WaitForAsync(nav, "Mine draft");
        await Site.Editors.RemoveAsync(admin, mine.Id, Ada.UserId, default);
        await Site.Liveblogs.NameAsync(admin, mine.Id, "No longer Ada's", "", default);
        await WaitForAsync(nav);
    }

    [Fact]
    public async Task The_drawer_shows_ten_and_where_the_others_are()
    {
        var admin = await Site.AddPersonAsync("Admin", isAdmin: true);
        for (var i = 1; i <= 12; i++)
            await Site.Liveblogs.StartAsync(admin, (await Site.Liveblogs.CreateAsync(admin, $"Day {i}", $"day-{i}", default)).Id, default);

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
