using System.Text;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Metadata;
using CsCheck;
using NetVips;

namespace BlazorChat.Tests.Attachments.Metadata;

public sealed class PictureMetadataTests
{
    private const string Secret = "37 degrees north";

    public static TheoryData<string, int> Pictures => new MatrixTheoryData<string, int>(
        [FileType.Jpeg, FileType.Png, FileType.WebP], [1, 2, 3, 4, 5, 6, 7, 8]);

    [Theory]
    [MemberData(nameof(Pictures))]
    public void What_was_written_into_a_picture_goes_and_the_picture_stays(string type, int orientation)
    {
        var original = TestPictures.Written(type, Secret, orientation);
        Assert.Contains(Secret, Encoding.Latin1.GetString(original), StringComparison.Ordinal);

        var clean = Remove(original, type);

        Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(clean), StringComparison.Ordinal);
        using var before = Image.NewFromBuffer(original);
        using var after = Image.NewFromBuffer(clean);
        Assert.DoesNotContain(after.GetFields(), IsWritten);
        Assert.Contains("icc-profile-data", after.GetFields());
        Assert.Equal(orientation, TestPictures.HeaderOf(clean)!.Orientation);
        Assert.Equal(before.WriteToMemory<byte>(), after.WriteToMemory<byte>());
        Assert.Equal(clean, Remove(clean, type));

        static bool IsWritten(string field) =>
            field.Contains("GPS", StringComparison.Ordinal) || field.Contains("Make", StringComparison.Ordinal)
            || field.StartsWith("xmp", StringComparison.Ordinal) || field.StartsWith("iptc", StringComparison.Ordinal)
            || field.Contains("comment", StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_moves_goes_on_moving_without_its_comment()
    {
        var original = TestPictures.MovingGif(60, 40, 3);
        byte[] written = [.. original[..^1], 0x21, 0xFE, (byte)Secret.Length, .. Encoding.ASCII.GetBytes(Secret), 0, .. original[^1..]];

        var clean = Remove(written, FileType.Gif);

        Assert.Equal(original, clean);
        Assert.Equal(3, TestPictures.HeaderOf(clean)!.Frames);
    }

    [Theory]
    [InlineData(FileType.Jpeg)]
    [InlineData(FileType.Png)]
    [InlineData(FileType.WebP)]
    [InlineData(FileType.Gif)]
    public void What_follows_the_end_of_a_picture_goes(string type)
    {
        var picture = Remove(Make(type), type);

        Assert.Equal(picture, Remove([.. picture, .. Encoding.ASCII.GetBytes(Secret)], type));
    }

    [Theory]
    [InlineData(FileType.Jpeg)]
    [InlineData(FileType.Png)]
    [InlineData(FileType.Gif)]
    public void A_picture_that_ends_early_is_copied_as_far_as_it_goes(string type)
    {
        var picture = Remove(Make(type), type);

        var clean = Remove(TestPictures.Truncated(picture), type);

        Assert.InRange(clean.Length, 1, picture.Length / 2 + 1);
        Assert.NotNull(TestPictures.HeaderOf(clean));
    }

    [Fact]
    public void Nothing_that_a_picture_may_hold_throws_or_makes_it_longer()
    {
        var pictures = new[] { FileType.Jpeg, FileType.Png, FileType.WebP, FileType.Gif }.Select(type => (Type: type, Bytes: Make(type, width: 24))).ToArray();
        Gen.Select(Gen.Int[0, pictures.Length - 1].Select(index => pictures[index]), Gen.Select(Gen.Int[0, 2_000], Gen.Byte).Array[1, 20]).Sample(((string Type, byte[] Bytes) picture, (int, byte)[] changes) =>
        {
            var bytes = picture.Bytes.ToArray();
            foreach (var (index, value) in changes)
                bytes[index % bytes.Length] = value;
            var clean = new MemoryStream();

            PictureMetadata.TryRemove(new MemoryStream(bytes), picture.Type, 1, clean);

            // A missing last byte of padding is added.
            return clean.Length <= bytes.Length + 1;
        });
    }

    private static byte[] Make(string type, int width = 200) => type switch
    {
        FileType.Jpeg => TestPictures.Jpeg(width, 40),
        FileType.Png => TestPictures.Png(width, 40),
        FileType.WebP => TestPictures.WebP(width, 40),
        _ => TestPictures.MovingGif(width, 40, 2),
    };

    private static byte[] Remove(byte[] picture, string type)
    {
        using var clean = new MemoryStream();
        Assert.True(PictureMetadata.TryRemove(new MemoryStream(picture), type, TestPictures.HeaderOf(picture)!.Orientation, clean));
        return clean.ToArray();
    }
}
