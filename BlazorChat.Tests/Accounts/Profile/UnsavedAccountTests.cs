using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Profile;

/// <summary>Changes of an account that conflict with a concurrent change.</summary>
public sealed class UnsavedAccountTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task A14_A_change_that_was_not_saved_is_not_reported_as_done()
    {
        using var zoe = await site.JoinAsync("Zoe");
        using var other = await site.JoinAsync("Kim");
        var key = await zoe.StartTwoFactorAsync();
        using var enabled = await zoe.SubmitAsync("account/two-factor", "enable", ("Input.Code", Authenticator.Code(key)));
        var codes = (await FormClient.ReadAsync(enabled)).QuerySelector("#recovery-codes")!.TextContent.Split('\n');
        // Identity detects a concurrent change by an update that affects no row.
        await ExecuteAsync("CREATE TRIGGER faster BEFORE UPDATE ON AspNetUsers BEGIN SELECT RAISE(IGNORE); END");

        await FailsAsync(zoe, "account/manage", "name", ("Name.Value", "Zara"));
        await FailsAsync(zoe, "account/manage", "password", ("Password.Old", FormClient.Password), ("Password.New", "another password"));
        await FailsAsync(zoe, "account/two-factor", "renew");
        await FailsAsync(zoe, "account/two-factor", "disable");
        await FailsAsync(other, "account/two-factor", "start");

        await ExecuteAsync("DROP TRIGGER faster");
        using var browser = new FormClient(site.Node.Address);
        using var password = await browser.SignInAsync(zoe.Email);
        using var code = await browser.SubmitAsync("account/login/code", "code", ("Input.Code", codes[0]));
        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal("Zoe", (await browser.GetPageAsync("")).QuerySelector(".shell-person bdi")!.TextContent);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var database = new DirectDatabase(site.Node.DataFolder);
        await database.Db.Database.ExecuteSqlRawAsync(sql);
    }

    private static async Task FailsAsync(Member person, string path, string form, params (string Name, string Value)[] fields)
    {
        using var response = await person.SubmitAsync(path, form, fields);
        var page = await FormClient.ReadAsync(response);
        Assert.Contains(
            "changed elsewhere at the same time", string.Concat(page.QuerySelectorAll(".error").Select(error => error.TextContent)), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll(".done, #recovery-codes, #shared-key"));
    }
}
