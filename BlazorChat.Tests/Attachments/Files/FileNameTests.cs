using BlazorChat.Attachments.Files;
using BlazorChat.Data.Entities;

namespace BlazorChat.Tests.Attachments.Files;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\Ada\\photo.jpg", "photo.jpg")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData("a\r\nSet-Cookie: b\0.txt", "aSet-Cookie: b.txt")]
    [InlineData("invoice\u202Egpj.exe", "invoicegpj.exe")]
    [InlineData("사진.png", "사진.png")]
    public void A_name_is_one_line_and_no_path(string name, string clean) => Assert.Equal(clean, FileName.Clean(name));

    [Fact]
    public void A_long_name_keeps_its_ending_and_no_half_character()
    {
        Assert.Equal($"{new string('a', Attachment.MaxNameLength - 4)}.jpg", FileName.Clean($"{new string('a', 300)}.jpg"));
        var name = FileName.Clean($"a{string.Concat(Enumerable.Repeat("😀", 150))}.jpg");

        Assert.InRange(name.Length, Attachment.MaxNameLength - 1, Attachment.MaxNameLength);
        Assert.EndsWith("😀.jpg", name, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_bytes_say_what_a_file_is()
    {
        Assert.Equal(FileType.Jpeg, FileType.Of(TestPictures.Jpeg()));
        Assert.Equal(FileType.Png, FileType.Of(TestPictures.Png()));
        Assert.Equal(FileType.WebP, FileType.Of(TestPictures.WebP()));
        Assert.Equal(FileType.Gif, FileType.Of(TestPictures.MovingGif(9, 9, 2)));
        Assert.Equal("image/heic", FileType.Of(TestPictures.Heic()));
        Assert.Equal("application/pdf", FileType.Of("%PDF-1.7"u8));
        foreach (var other in new[] { TestPictures.Svg(), TestPictures.Html(), [], "PK\u0003\u0004"u8.ToArray() })
            Assert.Equal(FileType.Unknown, FileType.Of(other));
    }

    [Fact]
    public void Only_what_runs_nothing_is_shown_in_the_page()
    {
        Assert.True(FileType.IsShown(FileType.Png));
        foreach (var type in new[] { FileType.Unknown, "application/pdf", "image/svg+xml", "text/html", "image/heic" })
            Assert.False(FileType.IsShown(type));
    }
}
