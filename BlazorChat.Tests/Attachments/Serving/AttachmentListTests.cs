using BlazorChat.Attachments.Serving;
using BlazorChat.Data.Entities;
using Bunit;

namespace BlazorChat.Tests.Attachments.Serving;

public sealed class AttachmentListTests : BunitContext
{
    private static readonly AttachmentView Picture = new(
        Guid.NewGuid(), "a \"view\".jpg", "image/jpeg", 2_000_000, 4000, 3000, "data:image/webp;base64,AAAA", ThumbnailState.Pending);

    [Fact]
    public void A_picture_without_its_thumbnails_has_its_box_and_a_preview_and_asks_for_nothing()
    {
        var list = Show(Picture);

        var link = list.Find("a[data-picture]");
        Assert.Contains("aspect-ratio: 400 / 300", link.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Contains("background-image: url(data:image/webp;base64,AAAA)", link.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Empty(list.FindAll("img"));
    }

    [Fact]
    public void A_picture_with_its_thumbnails_offers_both_sizes_in_the_same_box()
    {
        var list = Show(Picture with { Thumbnails = ThumbnailState.Ready });

        var image = list.Find("a[data-picture] img");
        Assert.Equal(("400", "300"), (image.GetAttribute("width"), image.GetAttribute("height")));
        Assert.Equal($"attachments/{Picture.Id}/400", image.GetAttribute("src"));
        Assert.Equal($"attachments/{Picture.Id}/400 400w, attachments/{Picture.Id}/1200 1200w", image.GetAttribute("srcset"));
        Assert.Equal(Picture.Name, image.GetAttribute("alt"));
    }

    [Theory]
    [InlineData(300, 200, 300, 200)]
    [InlineData(4000, 40, 400, 4)]
    [InlineData(100, 10_000, 3, 320)]
    [InlineData(1, 1, 1, 1)]
    public void A_picture_is_never_larger_than_it_is_nor_higher_than_the_page_bears(int width, int height, int boxWidth, int boxHeight)
    {
        var list = Show(Picture with { Width = width, Height = height });

        Assert.Contains($"aspect-ratio: {boxWidth} / {boxHeight};", list.Find("a").GetAttribute("style"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/jpeg", ThumbnailState.Failed)]
    [InlineData("application/pdf", ThumbnailState.None)]
    [InlineData("image/heic", ThumbnailState.None)]
    public void What_cannot_be_shown_is_a_card_with_its_name_and_size(string type, ThumbnailState state)
    {
        var list = Show(Picture with { ContentType = type, Thumbnails = state, Name = "report.final.pdf" });

        var card = list.Find("a[download='report.final.pdf']");
        Assert.Equal($"attachments/{Picture.Id}", card.GetAttribute("href"));
        Assert.Contains("report.final.pdf", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("PDF · 1.9 MB", card.TextContent, StringComparison.Ordinal);
        Assert.Empty(list.FindAll("img"));
    }

    [Theory]
    [InlineData("video/mp4", "video")]
    [InlineData("audio/mpeg", "audio")]
    public void What_plays_has_the_browsers_controls(string type, string element) =>
        Assert.True(Show(Picture with { ContentType = type, Thumbnails = ThumbnailState.None }).Find(element).HasAttribute("controls"));

    private IRenderedComponent<AttachmentList> Show(params AttachmentView[] attachments) =>
        Render<AttachmentList>(parameters => parameters.Add(list => list.Attachments, attachments));
}
