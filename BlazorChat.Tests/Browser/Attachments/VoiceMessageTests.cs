using BlazorChat.Data.Entities.Rooms;
using Microsoft.Playwright;

namespace BlazorChat.Tests.Browser.Attachments;

/// <summary>Voice messages that are recorded in the page with the microphone of the browser, and played.</summary>
public sealed class VoiceMessageTests(BrowserFixture browser, TestSite site) : IClassFixture<TestSite>, IAsyncLifetime
{
    private Room _room = default!;
    private Member _member = default!;
    private Person _ada = default!;

    private ILocator Panel => _ada.Page.GetByRole(AriaRole.Group, new() { Name = "Voice message", Exact = true });

    private ILocator Mic => _ada.Page.GetByRole(AriaRole.Button, new() { Name = "Record a voice message" });

    public async ValueTask InitializeAsync()
    {
        _member = await site.JoinAsync("Ada");
        _room = await site.AddRoomAsync(_member);
        _ada = await browser.NewPersonAsync(_member);
        await _ada.OpenRoomAsync(_room.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _ada.DisposeAsync();
        _member.Dispose();
    }

    [Fact]
    public async Task A_voice_message_is_recorded_listened_to_sent_and_played_by_keys()
    {
        await _ada.Composer.FillAsync("a draft");
        await Mic.ClickAsync();
        await Assertions.Expect(Panel).ToContainTextAsync("0:02");
        await _ada.ScreenshotAsync("voice-recording-light-wide");
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Panel.Locator("audio").WaitForAsync();
        await _ada.AssertAccessibleAsync();
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();

        var voice = _ada.Message(1).Locator("[data-voice]");
        await voice.WaitForAsync();
        await Assertions.Expect(_ada.Composer).ToHaveValueAsync("a draft");
        Assert.InRange(double.Parse((await voice.GetAttributeAsync("data-duration"))!, System.Globalization.CultureInfo.InvariantCulture), 2, 60);
        // The microphone of the test beeps, so that some bars are high.
        Assert.Contains("v", await voice.Locator(".voice-all path").GetAttributeAsync("d"), StringComparison.Ordinal);
        await _ada.ScreenshotAsync("voice-message-light-wide");
        await _ada.AssertAccessibleAsync();

        var play = voice.GetByRole(AriaRole.Button, new() { Name = "Play" });
        await play.ClickAsync();
        await Assertions.Expect(play).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(voice.GetByRole(AriaRole.Slider)).Not.ToHaveAttributeAsync("aria-valuenow", "0");
        await voice.GetByRole(AriaRole.Slider).PressAsync("Home");
        await voice.GetByRole(AriaRole.Button, new() { Name = "Speed" }).ClickAsync();
        await Assertions.Expect(voice.Locator("[data-voice-rate]")).ToHaveTextAsync("1.5×");
        await Assertions.Expect(play).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [Fact]
    public async Task A_cancelled_recording_sends_nothing()
    {
        await Mic.ClickAsync();
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Stop" }).WaitForAsync();
        await _ada.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Panel).ToHaveCountAsync(0);
        await Assertions.Expect(Mic).ToBeFocusedAsync();
        await Mic.ClickAsync();
        await Assertions.Expect(Panel).ToContainTextAsync("0:02");
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Panel.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Assertions.Expect(Panel).ToHaveCountAsync(0);

        await _ada.SendMessageAsync("nothing before");
        await _ada.Message(1).GetByText("nothing before").WaitForAsync();
    }
}
