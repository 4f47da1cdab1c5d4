using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Notifications.Push;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Notifications.Devices;

/// <summary>What a service worker calls when its subscription has changed.</summary>
public sealed class DeviceEndpointTests(DeviceEndpointTests.Site site) : IClassFixture<DeviceEndpointTests.Site>
{
    private const string Browser =
        """{"endpoint":"https://push.example.org/a","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}""";

    [Fact]
    public async Task A_worker_registers_its_subscription_in_the_session_of_its_browser()
    {
        var zoe = await site.JoinAsync("Zoe");

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(zoe, Browser));

        await using var database = new DirectDatabase(site.Node.DataFolder);
        Assert.Equal("https://push.example.org/a", await database.Db.PushDevices.Where(device => device.UserId == zoe.Id).Select(device => device.Endpoint).SingleAsync());
        // Signing out ends it.
        using var signedOut = await zoe.SendAsync(HttpMethod.Post, "account/logout", null, ("Sec-Fetch-Site", "same-origin"));
        Assert.False(await database.Db.PushDevices.AnyAsync(device => device.UserId == zoe.Id));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(zoe, Browser));
    }

    [Fact]
    public async Task A_page_asks_whether_its_browser_still_has_notifications()
    {
        var (zoe, ada) = (await site.JoinAsync("Zoe"), await site.JoinAsync("Ada"));
        Assert.Equal("\"\"", await FindAsync(zoe));
        await PostAsync(zoe, Browser.Replace("/a\"", "/current\"", StringComparison.Ordinal));

        var hash = Convert.ToHexStringLower(SHA256.HashData("https://push.example.org/current"u8));
        Assert.Equal(($"\"{hash}\"", "\"\""), (await FindAsync(zoe), await FindAsync(ada)));
        await using var database = new DirectDatabase(site.Node.DataFolder);
        await database.Db.PushDevices.Where(device => device.UserId == zoe.Id).ExecuteDeleteAsync();
        Assert.Equal("\"\"", await FindAsync(zoe));
        using var visitor = new FormClient(site.Node.Address);
        Assert.Equal("Unauthorized", await FindAsync(visitor));
    }

    [Fact]
    public async Task Only_a_page_of_this_site_registers()
    {
        var zoe = await site.JoinAsync("Zoe");

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(zoe, Browser, "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(zoe, Browser, "same-site"));
        using var program = await zoe.SendAsync(HttpMethod.Post, "account/devices", new StringContent(Browser));
        Assert.Equal(HttpStatusCode.Forbidden, program.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(zoe, "{}"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(zoe, Browser + new string(' ', 5000)));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(zoe, Browser.Replace("push.example.org", "127.0.0.1", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(zoe, Browser.Replace("push.example.org", "localhost", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Everybody_reads_the_public_key()
    {
        using var visitor = new FormClient(site.Node.Address);
        using var answer = await visitor.GetAsync("account/devices/key");

        Assert.True(P256.IsPoint(Base64Url.DecodeFromChars(await answer.Content.ReadAsStringAsync())));
    }

    private static async Task<string> FindAsync(FormClient visitor)
    {
        using var answer = await visitor.GetAsync("account/devices/current");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{answer.StatusCode}";
    }

    private static async Task<HttpStatusCode> PostAsync(FormClient visitor, string json, string from = "same-origin")
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await visitor.SendAsync(HttpMethod.Post, "account/devices", content, ("Sec-Fetch-Site", from));
        return answer.StatusCode;
    }

    /// <summary>A site whose push service needs no network.</summary>
    public sealed class Site : TestSite
    {
        protected override string[] Settings => ["Notifications:AllowedPushHosts:0=push.example.org:443"];
    }
}
