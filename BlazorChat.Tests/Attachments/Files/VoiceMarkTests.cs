using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Data.Entities;
using Bunit;

namespace BlazorChat.Tests.Attachments.Files;

/// <summary>What a browser knows of a voice message, as it is uploaded, stored and shown.</summary>
public sealed class VoiceMarkTests : ComponentTest
{
    [Theory]
    [InlineData("12300-0a7fff", true)]
    [InlineData("1-00", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("12300", false)]
    [InlineData("12300-", false)]
    [InlineData("12300-0a7", false)]
    [InlineData("12300-0A7F", false)]
    [InlineData("0-00", false)]
    [InlineData("-1-00", false)]
    [InlineData("310001-00", false)]
    [InlineData("12300-<b>", false)]
    public void It_is_read_only_as_a_browser_writes_it(string? text, bool isMark)
    {
        var mark = VoiceMark.Parse(text);

        Assert.Equal(isMark, mark is not null);
        Assert.Equal(isMark ? $"voice:{text}" : "", $"{mark}");
        Assert.Equal(mark?.Bars, VoiceMark.ParseStored($"{mark}")?.Bars);
    }

    [Fact]
    public void It_has_at_most_as_many_bars_as_are_shown() =>
        Assert.Equal((true, false), (VoiceMark.Parse($"5-{new string('0', 128)}") is not null, VoiceMark.Parse($"5-{new string('0', 130)}") is not null));

    [Fact]
    public async Task A_recording_of_a_browser_is_sound_and_nothing_else_gets_a_mark()
    {
        var room = await Site.Rooms.CreateAsync(Ada, "Room", default);
        var uploads = Site.Services.GetRequiredService<AttachmentUploads>();
        var recording = TestRecordings.Matroska("secret", "webm", isSentWhileItIsMade: true, trackType: 2);
        var voice = VoiceMark.Parse("12300-0a7fff");

        var sound = await uploads.ReceiveAsync(Ada, Upload("voice.webm"), new MemoryStream(recording), default);
        var film = await uploads.ReceiveAsync(Ada, Upload("film.webm") with { Voice = null }, new MemoryStream(TestRecordings.Matroska("other", "webm", isSentWhileItIsMade: true)), default);
        var text = await uploads.ReceiveAsync(Ada, Upload("notes.txt"), new MemoryStream("notes"u8.ToArray()), default);

        Assert.Equal(("audio/webm", 12300), (sound.ContentType, sound.Voice!.Milliseconds));
        Assert.Equal(("video/webm", null), (film.ContentType, film.Voice));
        Assert.Null(text.Voice);

        Upload Upload(string name) => new(Guid.NewGuid(), AttachmentOwner.Room, room.Id, name) { Voice = voice };
    }

    [Fact]
    public void A_row_shows_its_bars_and_its_length_before_it_is_loaded()
    {
        var file = new AttachmentView(Guid.NewGuid(), "voice.webm", "audio/webm", 5, 0, 0, "voice:62400-0080ff", ThumbnailState.None);

        var list = Render<AttachmentList>(parameters => parameters.Add(p => p.Attachments, [file]));

        Assert.Equal(("62.4", "1:02", "none"), (list.Find("[data-voice]").GetAttribute("data-duration"), list.Find("[data-voice-time]").TextContent, list.Find("audio").GetAttribute("preload")));
        Assert.Equal("M1.5 15v2M4.5 8v16M7.5 1v30", list.Find(".voice-played path").GetAttribute("d"));
        Assert.Equal(("slider", "63"), (list.Find(".voice-bars").GetAttribute("role"), list.Find(".voice-bars").GetAttribute("aria-valuemax")));
    }
}
