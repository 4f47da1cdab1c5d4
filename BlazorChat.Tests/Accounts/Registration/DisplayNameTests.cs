using System.Net;
using BlazorChat.Accounts.Registration;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Registration;

/// <summary>No two people or bots have names that look the same.</summary>
public sealed class DisplayNameTests(TestSite site) : IClassFixture<TestSite>
{
    [Theory]
    [InlineData("Ada")]
    [InlineData("ADA")]
    [InlineData("Аda")]
    [InlineData("Ａda")]
    [InlineData("Ad\u200Ba")]
    public async Task G18_A_new_account_cannot_look_like_the_admin(string name)
    {
        using var visitor = new FormClient(site.Node.Address);

        using var refused = await visitor.JoinAsync(await site.Ada.GetInvitationAsync(), name, "mallory@example.org");

        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains(DisplayNames.Taken.ToString(), (await FormClient.ReadAsync(refused)).Body!.TextContent, StringComparison.Ordinal);
        await using var database = new DirectDatabase(site.Node.DataFolder);
        Assert.False(await database.Db.Users.AnyAsync(user => user.Email == "mallory@example.org"));
    }

    [Fact]
    public async Task G18_A_bot_and_a_changed_name_cannot_look_like_the_admin_either()
    {
        using var kim = await site.JoinAsync("Kim");

        using var bot = await site.Ada.SubmitAsync("admin/bots", "new-bot", ("Name", "Аda"));
        using var renamed = await kim.SubmitAsync("account/manage", "name", ("Name.Value", "Аda"));

        Assert.Contains(DisplayNames.Taken.ToString(), (await FormClient.ReadAsync(bot)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains(DisplayNames.Taken.ToString(), (await FormClient.ReadAsync(renamed)).Body!.TextContent, StringComparison.Ordinal);
        await using var database = new DirectDatabase(site.Node.DataFolder);
        Assert.Equal("Kim", (await database.Db.Users.SingleAsync(user => user.Id == kim.Id)).DisplayName);
    }

    [Fact]
    public async Task B15_G18_A_name_is_stored_composed_and_visible()
    {
        using var visitor = new FormClient(site.Node.Address);

        using var joined = await visitor.JoinAsync(await site.Ada.GetInvitationAsync(), "\u202EA\u030Asa\u200B", "asa@example.org");

        Assert.Equal(HttpStatusCode.Redirect, joined.StatusCode);
        await using var database = new DirectDatabase(site.Node.DataFolder);
        var user = await database.Db.Users.SingleAsync(user => user.Email == "asa@example.org");
        Assert.Equal(("Åsa", "asa"), (user.DisplayName, user.SearchName));
    }

    [Fact]
    public async Task G18_The_database_holds_each_look_once()
    {
        await using var database = new DirectDatabase(site.Node.DataFolder);
        database.Db.Add(new ChatUser { UserName = "x", NormalizedUserName = "X", DisplayName = "АDА" });

        await Assert.ThrowsAsync<DbUpdateException>(() => database.Db.SaveChangesAsync());
    }
}
