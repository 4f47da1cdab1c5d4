using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace BlazorChat.Tests.Browser.Liveblogs;

/// <summary>Files in posts, from the editor to the reader's page.</summary>
public sealed class LiveblogFilesTests(BrowserFixture browser, LiveblogSite site) : IClassFixture<LiveblogSite>
{
    [Fact]
    public async Task A_picture_of_a_new_post_appears_on_an_open_page_and_opens_in_the_viewer()
    {
        await site.StartLiveblogAsync("pictures", "With pictures");
        await using var reader = await browser.NewPersonAsync(site.Node.Address, "Reader", width: 360, height: 740);
        await reader.Page.GotoAsync("liveblogs/pictures");
        await using var ada = await site.SignInAsync(browser, "Ada");
        await ada.OpenEditorAsync("pictures");
        await ada.WritePostAsync("The bridge", "It opens at ten.");

        await ada.Page.Locator("[data-file-picker]").SetInputFilesAsync(
            new FilePayload { Name = "bridge [new].jpg", MimeType = "image/jpeg", Buffer = TestPictures.Jpeg(1600, 900) });
        await Expect(ada.PostText).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"!\[bridge \\\[new\\\]\]\(attachment:[0-9a-f-]{36}\)"));
        await Expect(ada.Preview.Locator("figure")).ToHaveCountAsync(1);
        await ada.ScreenshotAsync("liveblog-editor-picture");
        await ada.PublishAsync();

        var picture = reader.Post("The bridge").GetByRole(AriaRole.Img, new() { Name = "bridge [new]" });
        // The thumbnails are a change of the post, which replaces the article.
        await Expect(picture).ToHaveAttributeAsync("srcset", new System.Text.RegularExpressions.Regex("/400 .*/1200 "));
        await picture.ScrollIntoViewIfNeededAsync();
        await picture.EvaluateAsync("image => image.decode()");
        Assert.Equal(360, await reader.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await reader.ScreenshotAsync("liveblog-picture-360");
        await reader.AssertAccessibleAsync();
        await picture.ClickAsync();
        await Expect(reader.Viewer).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_refused_file_can_only_be_cancelled()
    {
        await site.StartLiveblogAsync("refused", "Refused");
        await using var ada = await site.SignInAsync(browser, "Ada");
        ada.ExpectedErrors.Add("400");
        await ada.OpenEditorAsync("refused");
        await ada.WritePostAsync("", "without a picture");
        await ada.Page.Locator("[data-file-picker]").SetInputFilesAsync(
            new FilePayload { Name = "scan.tiff", MimeType = "image/tiff", Buffer = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0] });
        var file = ada.PostForm.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "scan.tiff" });
        await Expect(file.GetByRole(AriaRole.Alert)).ToContainTextAsync("Convert it to JPEG or PNG");

        await Expect(file.GetByText("Try again")).ToBeHiddenAsync();
        await ada.PressAsync("Publish");
        await Expect(ada.FormError).ToHaveTextAsync("A file can't be uploaded. Cancel it first.");
        await file.GetByRole(AriaRole.Button, new() { Name = "Cancel scan.tiff" }).ClickAsync();
        await ada.PublishAsync();
    }
}
