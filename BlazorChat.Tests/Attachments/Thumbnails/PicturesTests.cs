using BlazorChat.Attachments.Thumbnails;
using NetVips;

namespace BlazorChat.Tests.Attachments.Thumbnails;

public sealed class PicturesTests
{
    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, true, true)]
    [InlineData(4, false, true)]
    [InlineData(5, false, false)]
    [InlineData(6, true, false)]
    [InlineData(7, true, true)]
    [InlineData(8, false, true)]
    public void A_thumbnail_is_upright(int orientation, bool right, bool bottom)
    {
        var picture = TestPictures.Jpeg(800, 600, orientation);
        var isTurned = orientation >= 5;

        using var thumbnail = Read(Make(picture, ThumbnailSize.Small));

        Assert.True(TestPictures.IsRed(thumbnail, right, bottom));
        Assert.False(TestPictures.IsRed(thumbnail, !right, bottom));
        Assert.False(TestPictures.IsRed(thumbnail, right, !bottom));
        var header = TestPictures.HeaderOf(picture)!;
        Assert.Equal(isTurned ? (600, 800, 1, orientation) : (800, 600, 1, orientation), (header.Width, header.Height, header.Frames, header.Orientation));
        Assert.Equal(isTurned ? (400, 533) : (400, 300), (thumbnail.Width, thumbnail.Height));
    }

    [Theory]
    [InlineData(2000, 1000)]
    [InlineData(1000, 3000)]
    [InlineData(100, 50)]
    [InlineData(3000, 4)]
    public void A_thumbnail_fits_and_is_never_larger_than_its_picture(int width, int height)
    {
        var picture = TestPictures.Png(width, height);
        foreach (var size in ThumbnailSize.All)
        {
            using var thumbnail = Read(Make(picture, size));

            Assert.Equal(size.Fit(width, height), (thumbnail.Width, thumbnail.Height));
            Assert.InRange(thumbnail.Width, 1, size.Width);
            Assert.InRange(thumbnail.Height, 1, size.MaxHeight);
        }
    }

    [Fact]
    public void A_thumbnail_has_nothing_of_what_the_camera_wrote()
    {
        var photograph = TestPictures.Jpeg();
        using var original = Read(photograph);
        Assert.Contains(original.GetFields(), field => field.Contains("GPSLatitude", StringComparison.Ordinal));

        using var thumbnail = Read(Make(photograph, ThumbnailSize.Large));
        using var preview = Read(Preview(photograph));

        Assert.DoesNotContain(thumbnail.GetFields(), IsWritten);
        Assert.DoesNotContain(preview.GetFields(), IsWritten);
        static bool IsWritten(string field) =>
            field.StartsWith("exif", StringComparison.Ordinal) || field.StartsWith("xmp", StringComparison.Ordinal)
            || field.StartsWith("iptc", StringComparison.Ordinal) || field == "orientation";
    }

    [Fact]
    public void A_small_picture_that_moves_has_a_thumbnail_that_does()
    {
        using var thumbnail = Read(Make(TestPictures.MovingGif(500, 400, 3), ThumbnailSize.Small));

        Assert.Equal(3, thumbnail.Get("n-pages"));
        Assert.Equal((400, 320), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public void A_large_picture_that_moves_stands_still()
    {
        var picture = TestPictures.MovingGif(1000, 900, 30);
        Assert.True(1000 * 900 * 30 > Pictures.MaxMovingPixels);

        using var thumbnail = Read(Make(picture, ThumbnailSize.Small));

        Assert.Equal(30, TestPictures.HeaderOf(picture)!.Frames);
        Assert.False(thumbnail.Contains("n-pages"));
        Assert.Equal((400, 360), (thumbnail.Width, thumbnail.Height));
    }

    [Fact]
    public void A_preview_is_a_few_pixels_that_fit_into_their_column()
    {
        foreach (var picture in new[] { TestPictures.Jpeg(), TestPictures.Png(), TestPictures.WebP(), TestPictures.MovingGif(90, 90, 2) })
        {
            using var preview = Read(Preview(picture));
            Assert.InRange(preview.Width, 1, 24);
            Assert.InRange(preview.Height, 1, 24);
        }
    }

    [Fact]
    public void What_claims_to_be_enormous_is_refused_by_its_header()
    {
        Assert.Null(TestPictures.HeaderOf(TestPictures.PngThatClaims(30_000, 30_000)));
        Assert.Null(TestPictures.HeaderOf(TestPictures.GifThatClaims(30_000, 30_000)));
        Assert.Null(TestPictures.HeaderOf(TestPictures.PngThatClaims(10_001, 10_000)));
        Assert.NotNull(TestPictures.HeaderOf(TestPictures.PngThatClaims(10_000, 10_000)));
        Assert.InRange(Stats.MemHighwater, 0UL, 500_000_000UL);
    }

    [Fact]
    public void D1_A_photograph_of_108_megapixels_has_thumbnails()
    {
        var picture = TestPictures.LargeJpeg();
        Assert.Equal((9_000, 12_000), (TestPictures.HeaderOf(picture)!.Width, TestPictures.HeaderOf(picture)!.Height));

        using var thumbnail = Read(Make(picture, ThumbnailSize.Small));

        Assert.Equal((400, 533), (thumbnail.Width, thumbnail.Height));
        Assert.True(TestPictures.IsRed(thumbnail, right: true, bottom: false));
    }

    [Theory]
    [InlineData(10_000, 10_000, 16, 2, true, false)]
    [InlineData(10_000, 10_000, 16, 2, false, true)]
    [InlineData(10_000, 10_000, 8, 0, true, true)]
    [InlineData(6_000, 6_000, 16, 2, true, true)]
    public void G2_What_decoding_holds_at_once_is_counted_by_depth_colours_and_interlacing(
        int width, int height, byte bitDepth, byte colour, bool isInterlaced, bool isDecoded)
    {
        var picture = TestPictures.PngThatClaims(width, height, bitDepth, colour, isInterlaced);
        using var content = new MemoryStream(picture);

        var header = Pictures.ReadHeader(content)!;

        Assert.Equal(isInterlaced ? (long)width * height * (bitDepth / 8) * (colour == 2 ? 3 : 1) : 0, header.Memory);
        Assert.Equal(isDecoded, TestPictures.HeaderOf(picture) is not null);
    }

    [Fact]
    public void G2_A_progressive_JPEG_is_held_whole_and_another_one_is_not()
    {
        using var progressive = new MemoryStream(TestPictures.ProgressiveJpeg(640, 480));
        using var other = new MemoryStream(TestPictures.Jpeg(640, 480));

        Assert.Equal((640 * 480 * 3 * 2, 0), (Pictures.ReadHeader(progressive)!.Memory, Pictures.ReadHeader(other)!.Memory));
    }

    [Fact]
    public void What_is_none_of_the_four_is_read_by_nobody()
    {
        foreach (var file in new[] { TestPictures.Svg(), TestPictures.Html(), TestPictures.Heic(), [], new byte[4096] })
            Assert.Null(TestPictures.HeaderOf(file));
    }

    [Fact]
    public void A_picture_that_ends_early_has_no_thumbnail()
    {
        foreach (var picture in new[] { TestPictures.Jpeg(), TestPictures.Png() })
            Assert.Throws<VipsException>(() => Make(TestPictures.Truncated(picture), ThumbnailSize.Small, new PictureHeader(800, 600, 1)));
    }

    [Fact]
    public void Who_cancels_gets_no_thumbnail()
    {
        using var content = new MemoryStream(TestPictures.Jpeg(3000, 2000));

        Assert.Throws<OperationCanceledException>(() =>
            Pictures.MakeThumbnail(content, new PictureHeader(3000, 2000, 1), ThumbnailSize.Large, new CancellationToken(canceled: true)));
    }

    private static byte[] Make(byte[] picture, ThumbnailSize size, PictureHeader? header = null)
    {
        using var content = new MemoryStream(picture);
        return Pictures.MakeThumbnail(content, header ?? TestPictures.HeaderOf(picture)!, size, default);
    }

    private static byte[] Preview(byte[] picture)
    {
        using var content = new MemoryStream(picture);
        var preview = Pictures.MakePreview(content, TestPictures.HeaderOf(picture)!);
        Assert.StartsWith("data:image/webp;base64,", preview, StringComparison.Ordinal);
        return Convert.FromBase64String(preview[(preview.IndexOf(',', StringComparison.Ordinal) + 1)..]);
    }

    private static Image Read(byte[] picture) => Image.NewFromBuffer(picture);
}
