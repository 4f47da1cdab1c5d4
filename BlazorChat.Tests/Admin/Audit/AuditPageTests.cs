using BlazorChat.Accounts.Audit;
using BlazorChat.Admin.Audit;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Admin.Audit;

/// <summary>The page of the audit log.</summary>
public sealed class AuditPageTests : ComponentTest
{
    protected override void AddServices() => Services.AddSingleton(new AuditReader(Site.Services.GetRequiredService<IDbContextFactory<ChatDbContext>>()));

    [Fact]
    public async Task It_shows_pages_newest_first_and_filters_them_with_the_address_of_the_file()
    {
        await MakeAdminAsync();
        var day = new DateTime(2026, 11, 30, 0, 0, 0, DateTimeKind.Utc);
        await using (var db = await Site.OpenAsync())
        {
            for (var i = 0; i < 51; i++)
                await db.AuditAsync(Ada, i == 0 ? AuditAction.BotCreated : AuditAction.PersonBanned, $"Subject {i}", day.AddMinutes(i), default);
            await db.SaveChangesAsync();
        }

        var page = Render<AuditPage>();
        await page.WaitForStateAsync(() => page.FindAll("tbody tr").Count == 50);

        Assert.Contains("Subject 50", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("1–50 of 51", page.Markup, StringComparison.Ordinal);

        await page.Find("select[name=action]").ChangeAsync(new ChangeEventArgs { Value = nameof(AuditAction.BotCreated) });
        await page.Find("form").SubmitAsync();
        await page.WaitForStateAsync(() => page.FindAll("tbody tr").Count == 1);

        Assert.Contains("Subject 0", page.Find("tbody tr").TextContent, StringComparison.Ordinal);
        Assert.Contains("action=BotCreated", page.Find("a[download]").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_without_a_next_one_are_no_bound()
    {
        await MakeAdminAsync();
        await using (var db = await Site.OpenAsync())
        {
            await db.AuditAsync(Ada, AuditAction.BotCreated, "Deploy", DateTime.UnixEpoch, default);
            await db.SaveChangesAsync();
        }

        var page = Render<AuditPage>();
        await page.WaitForElementAsync(".audit[data-ready]");
        await page.Find("input[name=until]").ChangeAsync(new ChangeEventArgs { Value = "9999-12-31" });
        await page.Find("form").SubmitAsync();

        await page.WaitForStateAsync(() => page.FindAll("tbody tr").Count == 1);
    }

    [Fact]
    public async Task Somebody_without_the_right_sees_a_refusal_and_no_entries()
    {
        await using (var db = await Site.OpenAsync())
        {
            await db.AuditAsync(Ada, AuditAction.BotCreated, "Secret", DateTime.UnixEpoch, default);
            await db.SaveChangesAsync();
        }

        var page = Render<AuditPage>();
        await page.WaitForElementAsync(".audit[data-ready]");

        Assert.Contains("Only an admin can do this.", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", page.Markup, StringComparison.Ordinal);
    }
}
