using System.Net;
using BlazorChat.Admin.Layout;

namespace BlazorChat.Tests.Admin.Layout;

public sealed class AdminFrameTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Each_section_is_a_page_for_admins_that_lists_all_and_marks_its_own()
    {
        using var zoe = await site.JoinAsync("Zoe");
        foreach (var section in AdminSections.All)
        {
            var page = await site.Ada.GetPageAsync(section.Address);
            using var refused = await zoe.GetAsync(section.Address);

            Assert.Equal($"{section.Name}", page.QuerySelector("h1")!.TextContent);
            var links = page.QuerySelectorAll(".admin-sections a");
            Assert.Equal(AdminSections.All.Select(known => known.Address), links.Select(link => link.GetAttribute("href")));
            Assert.Equal(section.Address, Assert.Single(links, link => link.GetAttribute("aria-current") == "page").GetAttribute("href"));
            Assert.Equal("/account/denied", new Uri(site.Node.Address, refused.Headers.Location!).AbsolutePath);
        }
    }

    [Theory]
    [InlineData("admin", "/admin/people")]
    [InlineData("account/people", "/admin/people")]
    [InlineData("account/invitation", "/admin/invitations")]
    [InlineData("account/bots", "/admin/bots")]
    [InlineData("account/emoji", "/admin/emoji")]
    [InlineData("account/jobs", "/admin/jobs")]
    public async Task Old_addresses_lead_admins_to_the_new_ones(string old, string address)
    {
        using var moved = await site.Ada.GetAsync(old);

        Assert.Equal(HttpStatusCode.Redirect, moved.StatusCode);
        Assert.Equal(address, new Uri(site.Node.Address, moved.Headers.Location!).AbsolutePath);
    }

    [Fact]
    public async Task The_drawer_has_a_link_to_the_pages_of_admins_for_them_only()
    {
        using var yui = await site.JoinAsync("Yui");

        Assert.NotNull((await site.Ada.GetPageAsync("search")).QuerySelector(".shell-person a[href='admin/people']"));
        Assert.Null((await yui.GetPageAsync("search")).QuerySelector(".shell-person a[href='admin/people']"));
    }
}
