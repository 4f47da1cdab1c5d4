using System.Net;
using System.Security.Claims;
using System.Text.Json;
using BlazorChat.Admin.Settings;
using BlazorChat.Attachments.Logo;
using BlazorChat.Common.Sites;

namespace BlazorChat.Tests.Admin.Settings;

/// <summary>The site is changed on one node, and shown by another one that shares a Redis.</summary>
public sealed class SiteNodesTests(TwoNodeSite site) : IClassFixture<TwoNodeSite>
{
    private static readonly byte[] Logo = TestPictures.Png(300, 100);

    private ClaimsPrincipal Admin => TestDatabase.SignIn(site.Ada.Id, "Ada", isAdmin: true);

    [Fact]
    public async Task A_changed_name_logo_and_color_are_on_all_pages_of_the_other_node()
    {
        using var visitor = new FormClient(site.Second.Address);
        using var before = await visitor.GetAsync("liveblogs");

        var view = await ChangeAsync("Harbor");

        var login = await visitor.GetPageAsync("account/login");
        Assert.Equal("Sign in · Harbor", login.Title);
        Assert.Equal("Harbor", login.QuerySelector(".account-home")!.TextContent);
        Assert.Equal("Be kind.", login.QuerySelector(".site-welcome")!.TextContent);
        Assert.Equal(view.LogoAddress("64"), login.QuerySelector(".account-home img")!.GetAttribute("src"));
        Assert.Equal(view.LogoAddress("64"), login.QuerySelector("link[rel=icon]")!.GetAttribute("href"));
        Assert.Equal(view.LogoAddress("apple-touch"), login.QuerySelector("link[rel=apple-touch-icon]")!.GetAttribute("href"));
        var style = login.QuerySelector("#site-accent")!;
        Assert.Equal(("site/accent/0a6b4e.css", false), (style.GetAttribute("href"), style.HasAttribute("disabled")));
        Assert.Equal("Be kind.", (await visitor.GetPageAsync(await site.Ada.GetInvitationAsync())).QuerySelector(".site-welcome")!.TextContent);
        Assert.Equal("Harbor", (await visitor.GetPageAsync("account/no-such-page")).QuerySelector(".account-home, .shell-name")!.TextContent);

        // The page of readers is cached, and has a new version.
        using var after = await visitor.GetAsync("liveblogs");
        Assert.Equal("Harbor", (await FormClient.ReadAsync(after)).QuerySelector(".paper-name")!.TextContent);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task The_manifest_has_the_name_and_the_icons_of_the_logo_which_everybody_may_store()
    {
        var earlier = await ChangeAsync("Quay");
        var view = await ChangeAsync("Pier");
        using var visitor = new FormClient(site.Second.Address);

        using var answer = await visitor.GetAsync("manifest.webmanifest");
        using var manifest = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("Pier", manifest.RootElement.GetProperty("name").GetString());
        foreach (var icon in manifest.RootElement.GetProperty("icons").EnumerateArray())
        {
            using var picture = await visitor.GetAsync(icon.GetProperty("src").GetString()!);
            Assert.Equal((HttpStatusCode.OK, "image/png"), (picture.StatusCode, picture.Content.Headers.ContentType!.MediaType));
            Assert.Equal("public, max-age=31536000, immutable", $"{picture.Headers.CacheControl}");
        }

        using var style = await visitor.GetAsync("site/accent/0a6b4e.css");
        Assert.Contains("--bc-accent: light-dark(#0a6b4e, #", await style.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("text/css", style.Content.Headers.ContentType!.MediaType);
        foreach (var missing in new[] { "site/accent/ffff00.css", "site/accent/zzzzzz.css", $"site/logo/{view.LogoId}/7.png" })
        {
            using var refused = await visitor.GetAsync(missing);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        using var old = await visitor.GetAsync(earlier.LogoAddress("64")!);
        Assert.Equal((HttpStatusCode.Redirect, $"/{view.LogoAddress("64")}"), (old.StatusCode, $"{old.Headers.Location}"));
    }

    /// <summary>Changes the site at the first node.</summary>
    /// <returns>What the second node has received.</returns>
    private async Task<SiteView> ChangeAsync(string name)
    {
        var services = ((HostedNode)site.Node).Services;
        var here = services.GetRequiredService<CurrentSite>();
        await services.GetRequiredService<LogoStore>().SetAsync(Admin, "sign.png", new MemoryStream(Logo), Logo.Length, default);
        await services.GetRequiredService<SiteEditor>().SaveAsync(Admin, new SiteDraft(here.View.Version, name, "#0a6b4e", "Be kind."), default);

        var there = ((HostedNode)site.Second).Services.GetRequiredService<CurrentSite>();
        var received = new TaskCompletionSource();
        there.Changed += Check;
        Check();
        await received.Task.WaitAsync(TestWait.Limit);
        there.Changed -= Check;
        return there.View;

        void Check()
        {
            if (there.View == here.View)
                received.TrySetResult();
        }
    }
}
