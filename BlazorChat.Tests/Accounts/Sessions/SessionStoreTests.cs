using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Sessions;

public sealed class SessionStoreTests
{
    [Fact]
    public async Task A_key_never_becomes_the_key_of_another_user()
    {
        await using var site = await TestDatabase.CreateAsync();
        var store = site.Services.GetRequiredService<SessionStore>();
        var key = await store.StoreAsync(Ticket(await site.AddPersonAsync("Ada")));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.RenewAsync(key, Ticket(await site.AddPersonAsync("Zoe"))));

        Assert.Equal("Ada", (await store.RetrieveAsync(key))!.Principal.DisplayName);
    }

    [Fact]
    public async Task A_ban_during_a_sign_in_prevents_the_session()
    {
        await using var site = await TestDatabase.CreateAsync();
        var store = site.Services.GetRequiredService<SessionStore>();
        var zoe = await site.AddPersonAsync("Zoe");
        await using var db = await site.OpenAsync();
        await db.Users.ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, DateTime.UnixEpoch));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => store.StoreAsync(Ticket(zoe)));

        Assert.False(await db.UserSessions.AnyAsync());
    }

    [Fact]
    public async Task A_cached_ticket_ends_with_its_renewal_and_its_session()
    {
        await using var site = await TestDatabase.CreateAsync();
        var store = site.Services.GetRequiredService<SessionStore>();
        var ada = await site.AddPersonAsync("Ada");
        var key = await store.StoreAsync(Ticket(ada));
        Assert.NotNull(await store.RetrieveAsync(key));

        var renewed = Ticket(ada);
        renewed.Properties.Items["color"] = "green";
        await store.RenewAsync(key, renewed);

        Assert.Equal("green", (await store.RetrieveAsync(key))?.Properties.Items["color"]);
        await store.RemoveAsync(key);
        Assert.Null(await store.RetrieveAsync(key));
    }

    [Fact]
    public async Task A_renewed_session_stores_the_language_of_its_request()
    {
        await using var site = await TestDatabase.CreateAsync();
        var store = site.Services.GetRequiredService<SessionStore>();
        var ada = await site.AddPersonAsync("Ada");
        var key = await store.StoreAsync(Ticket(ada));

        using (SiteLanguages.Switch("ko"))
            await store.RenewAsync(key, Ticket(ada));

        await using var db = await site.OpenAsync();
        Assert.Equal("ko", (await db.Users.SingleAsync()).SeenLanguage);
    }

    [Fact]
    public async Task Expired_sessions_are_deleted()
    {
        await using var site = await TestDatabase.CreateAsync();
        var ticket = Ticket(await site.AddPersonAsync("Ada"));
        ticket.Properties.ExpiresUtc = DateTimeOffset.UnixEpoch;
        var key = await site.Services.GetRequiredService<SessionStore>().StoreAsync(ticket);
        var sessions = site.Services.GetRequiredService<SessionDirectory>();

        Assert.Equal([key], await sessions.FindEndedAsync([key], default));
        await sessions.SweepAsync(default);

        await using var db = await site.OpenAsync();
        Assert.False(await db.UserSessions.AnyAsync());
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0", "Edge on Mac")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.5.0", "curl/8.5.0")]
    [InlineData("", "Unknown device")]
    [InlineData("\u0007\u202E", "Unknown device")]
    public void A_device_is_described(string userAgent, string device) => Assert.Equal(device, Device.Show(Device.Describe(userAgent)));

    private static AuthenticationTicket Ticket(ClaimsPrincipal person) => new(person, new AuthenticationProperties(), "test");
}
