using BlazorChat.Admin.Settings;
using BlazorChat.Attachments.Logo;
using BlazorChat.Common.Sites;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;

namespace BlazorChat.Tests.Admin.Settings;

public sealed class SettingsPageTests : ComponentTest
{
    private CurrentSite Current => Site.Services.GetRequiredService<CurrentSite>();

    protected override void AddServices()
    {
        var defaults = ActivatorUtilities.CreateInstance<SiteDefaults>(Site.Services);
        Services.AddSingleton(defaults);
        Services.AddSingleton(ActivatorUtilities.CreateInstance<SiteEditor>(Site.Services, defaults));
        Services.AddSingleton(Site.Services.GetRequiredService<LogoStore>());
    }

    [Fact]
    public async Task An_admin_sees_the_contrast_of_a_color_and_saves_one_that_is_readable()
    {
        await MakeAdminAsync();
        var page = Render<SettingsPage>();
        await page.Find("#site-name").InputAsync(new() { Value = "Harbor" });
        await page.Find("#welcome").ChangeAsync(new() { Value = "Be kind." });
        await page.Find("input[type=checkbox]").ChangeAsync(new() { Value = true });
        await page.Find("#accent").InputAsync(new() { Value = "#ffcc00" });
        Assert.Contains("too low", page.Find("#accent-contrast").TextContent, StringComparison.Ordinal);
        Assert.Equal(2, page.FindAll(".site-settings-preview").Count);

        await page.FindAll("form")[0].SubmitAsync();
        Assert.Contains("contrast of 1.3 to 1", page.Find(".error").TextContent, StringComparison.Ordinal);
        Assert.Equal(0, Current.View.Version);

        await page.FindAll("button").Single(button => button.TextContent.StartsWith("Use #", StringComparison.Ordinal)).ClickAsync(new());
        Assert.Contains("enough", page.Find("#accent-contrast").TextContent, StringComparison.Ordinal);
        await page.FindAll("form")[0].SubmitAsync();

        Assert.Equal("Saved.", page.FindAll("span[role=status]")[0].TextContent.Trim());
        Assert.Equal(("Harbor", "Be kind."), (Current.View.Name, Current.View.WelcomeText));
        Assert.Equal(page.Find("#accent").GetAttribute("value"), Current.View.Accent);
    }

    [Fact]
    public async Task The_logo_is_saved_when_it_is_chosen_and_can_be_removed()
    {
        await MakeAdminAsync();
        var page = Render<SettingsPage>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("no picture", "notes.txt"));
        await page.WaitForStateAsync(() => page.FindAll(".error").Count > 0);
        Assert.Contains("notes.txt", page.Find(".error").TextContent, StringComparison.Ordinal);

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(TestPictures.Png(64, 64), "sign.png"));
        await page.WaitForStateAsync(() => Current.View.LogoId is not null && page.FindAll(".error").Count == 0);
        Assert.Equal(Current.View.LogoAddress("192"), page.Find(".site-settings-logo img").GetAttribute("src"));

        await page.FindAll("button").Single(button => button.TextContent == "Remove logo").ClickAsync(new());
        Assert.Equal("icon.svg", page.Find(".site-settings-logo img").GetAttribute("src"));
    }

    [Fact]
    public async Task Rules_are_saved_and_a_save_after_that_of_another_admin_is_asked_twice()
    {
        await MakeAdminAsync();
        var page = Render<SettingsPage>();
        var editor = Services.GetRequiredService<SiteEditor>();
        await editor.SaveAsync(Ada, new SiteDraft(0, "Quay", null, ""), default);

        await page.Find("#registration").ChangeAsync(new() { Value = "Closed" });
        await page.Find("#max-upload").ChangeAsync(new() { Value = "5" });
        await page.FindAll("form")[1].SubmitAsync();
        Assert.Contains("Another admin", page.Find(".error").TextContent, StringComparison.Ordinal);
        await page.FindAll("form")[1].SubmitAsync();

        Assert.Empty(page.FindAll(".error"));
        Assert.Equal((2, 5L * 1024 * 1024), (Current.View.Version, Current.View.Rules.MaxUploadSize));
    }
}
