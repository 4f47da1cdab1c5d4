using System.Text;
using BlazorChat.Attachments;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Metadata;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Common;
using NetVips;

namespace BlazorChat.Tests.Attachments.Metadata;

/// <summary>What remains of files that have a location and a camera, in a real store.</summary>
public sealed class FileCleanerTests : IDisposable
{
    private const string Secret = "37 degrees north";

    private readonly string _folder = Node.NewDataFolder();
    private readonly FolderStore _store;
    private readonly FileCleaner _cleaner;

    public FileCleanerTests()
    {
        _store = new FolderStore(_folder);
        _cleaner = new FileCleaner(_store, new DecodingMemory(new AttachmentOptions().DecodingMemory));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(FileType.Jpeg)]
    [InlineData(FileType.WebP)]
    [InlineData(FileType.Gif)]
    public async Task D2_A_picture_that_browsers_show_though_it_is_built_otherwise_is_cleaned_and_shown(string type)
    {
        var picture = type switch
        {
            FileType.Jpeg => TestPictures.WithStrayBytes(TestPictures.Written(type, Secret, orientation: 6)),
            FileType.WebP => TestPictures.WebPWithoutPadding(Secret),
            _ => TestPictures.GifWithExtraZero(Secret),
        };
        Assert.True(IsIn(picture));

        var (clean, header) = await CleanAsync(picture);

        Assert.False(IsIn(clean));
        using var shown = Image.NewFromBuffer(clean);
        Assert.DoesNotContain(shown.GetFields(), IsWritten);
        Assert.Equal((type == FileType.Jpeg ? 6 : 1, type == FileType.Gif ? 3 : 1), (header!.Orientation, header.Frames));
        Assert.Equal(type != FileType.Gif, shown.Contains("icc-profile-data"));
        Assert.Equal((true, false), (TestPictures.IsRed(shown, right: false, bottom: false), TestPictures.IsRed(shown, right: true, bottom: false)));
    }

    [Theory]
    [InlineData(FileType.Jpeg)]
    [InlineData(FileType.Png)]
    [InlineData(FileType.WebP)]
    [InlineData(FileType.Gif)]
    public void D2_A_picture_that_is_encoded_again_has_pixels_and_colours_and_nothing_else(string type)
    {
        var picture = type == FileType.Gif ? TestPictures.MovingGif(60, 40, 3) : TestPictures.Written(type, Secret, orientation: 1);
        using var content = new MemoryStream(picture);

        var again = Pictures.EncodeAgain(content, type, TestPictures.HeaderOf(picture)!);

        Assert.False(IsIn(again));
        using var before = Image.NewFromBuffer(picture);
        using var after = Image.NewFromBuffer(again);
        Assert.DoesNotContain(after.GetFields(), IsWritten);
        Assert.Equal(TestPictures.HeaderOf(picture)!.Frames, TestPictures.HeaderOf(again)!.Frames);
        Assert.Equal(type != FileType.Gif, after.Contains("icc-profile-data"));
        Assert.InRange((before - after).Abs().Avg(), 0, 3);
    }

    [Fact]
    public async Task D1_A_photograph_of_108_megapixels_is_cleaned_and_shown()
    {
        var (clean, header) = await CleanAsync(TestPictures.LargeJpeg());

        Assert.Equal((9_000, 12_000, 6), (header!.Width, header.Height, header.Orientation));
        using var shown = Image.NewFromBuffer(clean);
        Assert.DoesNotContain(shown.GetFields(), IsWritten);
    }

    [Fact]
    public async Task G2_A_picture_that_is_too_large_to_decode_is_cut_and_only_to_be_saved()
    {
        var picture = TestPictures.PngThatClaims(10_000, 10_000, bitDepth: 16, colour: 2, isInterlaced: true);
        var text = TestPictures.PngText(Secret);
        byte[] written = [.. picture[..33], .. text, .. picture[33..]];

        var (clean, header) = await CleanAsync(written);

        Assert.Null(header);
        Assert.Equal(picture, clean);
    }

    [Theory]
    [InlineData("isom", "meta")]
    [InlineData("isom", "sbtl")]
    [InlineData("qt  ", "meta")]
    [InlineData("qt  ", "tmcd")]
    [InlineData("M4A ", "text")]
    [InlineData("3gp4", "meta")]
    [InlineData("", "meta")]
    public async Task D2_A_film_keeps_pictures_and_sound_and_no_offset_moves(string brand, string sensorHandler)
    {
        var film = TestBoxes.Movie(Secret, brand, sensorHandler);
        Assert.True(IsIn(film));

        var (clean, header) = await CleanAsync(film);

        Assert.Null(header);
        Assert.False(IsIn(clean));
        Assert.False(Contains(clean, [0xE8, 0x75, 0x47, 0x00]), "The time of recording is in it.");
        Assert.Equal(film.Length, clean.Length);
        foreach (var kept in new[] { TestBoxes.Video, TestBoxes.Sound })
            Assert.Equal(film.AsSpan().IndexOf(kept), clean.AsSpan().IndexOf(kept));
        Assert.Equal(2, Count(clean, "trak"u8));
        Assert.Equal(clean, (await CleanAsync(clean)).Clean);
    }

    [Theory]
    [InlineData("heic")]
    [InlineData("avif")]
    [InlineData("miaf")]
    public async Task D2_A_picture_of_boxes_keeps_its_pixels_and_loses_its_items_of_words(string brand)
    {
        var picture = TestBoxes.Heic(Secret, brand);
        Assert.True(IsIn(picture));

        var (clean, _) = await CleanAsync(picture);

        Assert.False(IsIn(clean));
        Assert.Equal(picture.Length, clean.Length);
        Assert.Equal(picture.AsSpan().IndexOf(TestBoxes.Video), clean.AsSpan().IndexOf(TestBoxes.Video));
    }

    [Fact]
    public async Task D2_A_real_AVIF_loses_its_EXIF()
    {
        var picture = TestPictures.Avif(Secret);
        Assert.True(IsIn(picture));

        var (clean, _) = await CleanAsync(picture);

        Assert.False(IsIn(clean));
        Assert.Equal(picture.Length, clean.Length);
    }

    [Fact]
    public async Task D2_Formats_that_cannot_be_cleaned_are_refused()
    {
        byte[][] files =
        [
            TestPictures.Tiff(Secret), [.. "II*\0"u8, 8, 0, 0, 0], [.. "MM\0*"u8, 0, 0, 0, 8], [.. "IIRO"u8, 8, 0, 0, 0], [.. "FUJIFILMCCD-RAW 0201"u8],
            TestBoxes.Box("ftyp", "crx "u8.ToArray(), new byte[8]), TestBoxes.Box("JXL ", new byte[4]), TestBoxes.Box("jP  ", new byte[4]),
        ];
        foreach (var file in files)
            await RefusedAsync(file);
    }

    [Fact]
    public async Task D2_What_is_not_built_as_its_format_has_it_is_refused()
    {
        var film = TestBoxes.Movie(Secret);
        byte[][] files =
        [
            film[..^1],
            TestBoxes.Box("ftyp", "isom"u8.ToArray(), new byte[4]),
            [.. TestBoxes.Box("ftyp", "isom"u8.ToArray(), new byte[4]), .. TestBoxes.Box("moov", TestBoxes.Box("mvhd", new byte[100]))],
            // What has to be erased would stand after the end of the file.
            TestBoxes.Movie(Secret, sensorsAt: int.MaxValue),
            Without(TestBoxes.Heic(Secret), "mdat"),
            [.. film, .. TestBoxes.Box("moof", TestBoxes.Box("mfhd", new byte[8]))],
            [0xFF, 0xD8, 0xFF, 0xE1, 0, 9, 1, 2, 3],
            [0x89, .. "PNG\r\n\x1A\n"u8, .. new byte[40]],
        ];
        foreach (var file in files)
            await RefusedAsync(file);
    }

    [Theory]
    [InlineData("webm", false)]
    [InlineData("webm", true)]
    [InlineData("matroska", false)]
    [InlineData("AVI ", false)]
    [InlineData("WAVE", false)]
    public async Task D2_A_recording_keeps_pictures_and_sound_and_no_offset_moves(string format, bool isSentWhileItIsMade)
    {
        var recording = format is "AVI " or "WAVE" ? TestRecordings.Riff(Secret, format) : TestRecordings.Matroska(Secret, format, isSentWhileItIsMade);
        Assert.True(IsIn(recording));

        var (clean, header) = await CleanAsync(recording);

        Assert.Null(header);
        Assert.False(IsIn(clean));
        Assert.Equal(recording.Length, clean.Length);
        foreach (var kept in TestRecordings.NeededIn(format))
        {
            Assert.True(Contains(recording, kept));
            Assert.Equal(recording.AsSpan().IndexOf(kept), clean.AsSpan().IndexOf(kept));
        }

        Assert.Equal(clean, (await CleanAsync(clean)).Clean);
    }

    [Fact]
    public async Task D2_A_recording_with_a_track_of_places_or_that_is_not_understood_is_refused()
    {
        var recording = TestRecordings.Matroska(Secret, "webm", isSentWhileItIsMade: false);
        foreach (var file in new[] { TestRecordings.Matroska(Secret, "webm", false, trackType: 33), TestRecordings.Riff(Secret, "AVI ", "txts"), [.. recording, 0], recording[..27] })
            await RefusedAsync(file);
    }

    [Fact]
    public async Task D2_A_track_of_places_is_refused_in_a_film_of_fragments_though_its_tables_are_empty()
    {
        await RefusedAsync(TestBoxes.Fragmented("meta"));

        var film = TestBoxes.Fragmented("soun");
        Assert.Equal(film, (await CleanAsync(film)).Clean);
    }

    [Fact]
    public async Task G2_Tables_that_name_the_same_bytes_again_and_again_are_refused()
    {
        // Overwriting them would take hours: 100,000 times as much as the file has.
        var file = TestBoxes.Repeated(100_000);

        await RefusedAsync(file);
    }

    [Fact]
    public async Task What_holds_no_place_is_kept_as_it_came()
    {
        foreach (var file in new[] { "a free text"u8.ToArray(), "%PDF-1.7"u8.ToArray(), "OggS"u8.ToArray(), "fLaC"u8.ToArray(), "ID3"u8.ToArray(), TestPictures.Svg(), new byte[64] })
            Assert.Equal(file, (await CleanAsync(file)).Clean);
    }

    private async Task<(byte[] Clean, PictureHeader? Header)> CleanAsync(byte[] file)
    {
        using var received = await _store.ReceiveAsync(new MemoryStream(file), long.MaxValue, default);
        using var clean = await _cleaner.CleanAsync(received, FileType.Of(file.AsSpan(0, Math.Min(file.Length, FileType.HeadLength))), default);
        await _store.StoreAsync(clean.Content, default);
        await using var kept = _store.OpenRead(clean.Content.Hash)!;
        using var bytes = new MemoryStream();
        await kept.CopyToAsync(bytes);
        return (bytes.ToArray(), clean.Header);
    }

    private async Task RefusedAsync(byte[] file)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => CleanAsync(file));
        Assert.Equal(RefusalCode.Invalid, refused.Code);
        Assert.Contains("location and camera details", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_store.List(DateTimeOffset.MaxValue));
    }

    private static byte[] Without(byte[] file, string type)
    {
        var start = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type)) - 4;
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(start));
        return [.. file[..start], .. file[(start + length)..]];
    }

    private static bool IsIn(byte[] file) => Contains(file, Encoding.ASCII.GetBytes(Secret));

    private static bool Contains(byte[] file, byte[] bytes) => file.AsSpan().IndexOf(bytes) >= 0;

    private static int Count(ReadOnlySpan<byte> file, ReadOnlySpan<byte> bytes) => file.Count(bytes);

    private static bool IsWritten(string field) =>
        field.Contains("GPS", StringComparison.Ordinal) || field.Contains("Make", StringComparison.Ordinal)
        || field.StartsWith("xmp", StringComparison.Ordinal) || field.Contains("comment", StringComparison.Ordinal);
}
