using System.Net;
using AngleSharp.Html.Dom;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Common.Localization;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Notifications.Pages;

public sealed class NotificationsPageTests : IAsyncLifetime
{
    private const string Path = "account/notifications";

    private HostedNode _node = default!;
    private FormClient _ada = default!;

    public async ValueTask InitializeAsync()
    {
        _node = await HostedNode.StartAsync();
        _ada = new FormClient(_node.Address);
        await _ada.SetUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _ada.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_person_chooses_the_level_of_all_rooms()
    {
        Assert.Equal("Mentions", await LevelAsync());

        Assert.Equal("Saved.", await SubmitAsync("level", ("RoomLevel", "Everything")));
        Assert.Equal("Everything", await LevelAsync());
        Assert.Equal("There is no such level.", await SubmitAsync("level", ("RoomLevel", "7")));
        Assert.Equal(RoomLevel.Everything, (await ReadAsync()).RoomLevel);

        async Task<string?> LevelAsync() => ((IHtmlSelectElement)(await _ada.GetPageAsync(Path)).QuerySelector("#room-level")!).Value;
    }

    [Fact]
    public async Task Do_not_disturb_begins_for_a_while_says_until_when_and_ends()
    {
        SetZone("Asia/Seoul");
        var before = DateTime.UtcNow;
        await SubmitAsync("do-not-disturb", ("Pause", "60"));
        Assert.InRange((await ReadAsync()).DoNotDisturbUntil!.Value, before.AddMinutes(60), before.AddMinutes(61));

        Assert.StartsWith("On until ", await SubmitAsync("do-not-disturb", ("Pause", "tomorrow")), StringComparison.Ordinal);
        var until = (await ReadAsync()).DoNotDisturbUntil!.Value;
        // Seoul is nine hours ahead all year.
        Assert.Equal((new TimeOnly(0, 0), true), (TimeOnly.FromDateTime(until), until > before));
        Assert.Equal(LocalTime.Machine(until), (await _ada.GetPageAsync(Path)).QuerySelector("p[role=status] time")!.GetAttribute("datetime"));

        Assert.Equal("Do not disturb is off.", await SubmitAsync("do-not-disturb", ("Pause", "end")));
        Assert.Null((await ReadAsync()).DoNotDisturbUntil);
        Assert.Null((await _ada.GetPageAsync(Path)).QuerySelector("p[role=status]:not([hidden])"));
    }

    [Fact]
    public async Task Quiet_hours_have_the_zone_that_was_saved_with_them_in_every_browser()
    {
        SetZone("Europe/Berlin");
        Assert.Equal("Europe/Berlin", await ZoneAsync());

        Assert.Equal("Saved.", await SubmitAsync("quiet-hours", ("QuietFrom", "22:30"), ("QuietTo", "07:00")));
        var stored = await ReadAsync();
        Assert.Equal((new QuietHours(new TimeOnly(22, 30), new TimeOnly(7, 0)), "Europe/Berlin"), (stored.QuietHours, stored.QuietTimeZone));
        // A browser elsewhere opens a circuit, which stores where the person is.
        SetZone("Asia/Seoul");
        var preferences = _node.Services.GetRequiredService<NotificationPreferences>();
        stored = await preferences.SetTimeZoneAsync(TestDatabase.SignIn(1, "Ada"), "Asia/Seoul", default);
        Assert.Equal("Europe/Berlin", await ZoneAsync());
        Assert.Equal(new DateTime(2026, 1, 2, 6, 0, 0), stored.QuietUntil(new DateTime(2026, 1, 1, 22, 0, 0, DateTimeKind.Utc)));
        Assert.Null(stored.QuietUntil(new DateTime(2026, 1, 1, 14, 0, 0, DateTimeKind.Utc)));
        var page = await _ada.GetPageAsync(Path);
        Assert.Equal("22:30", ((IHtmlInputElement)page.QuerySelector("#quiet-from")!).Value);
        Assert.NotNull(page.QuerySelector("#time-zones option[value='Asia/Seoul']"));

        Assert.Equal("This time zone is unknown.", await SubmitAsync("quiet-hours", ("QuietZone", "Europe/Atlantis")));
        Assert.Equal("Enter both times.", await SubmitAsync("quiet-hours", ("QuietTo", "")));
        Assert.Equal("Quiet hours need a beginning and a different end.", await SubmitAsync("quiet-hours", ("QuietTo", "22:30")));
        Assert.Equal(stored, await ReadAsync());

        Assert.Equal("Quiet hours are off.", await SubmitAsync("quiet-hours", ("QuietOff", "true")));
        Assert.Null((await ReadAsync()).QuietHours);

        async Task<string?> ZoneAsync() => ((IHtmlInputElement)(await _ada.GetPageAsync(Path)).QuerySelector("#quiet-zone")!).Value;
    }

    [Fact]
    public async Task The_sound_of_open_pages_is_turned_off_and_on()
    {
        Assert.Equal("Saved.", await SubmitAsync("sound", ("PlaysSound", "false")));
        Assert.False((await ReadAsync()).PlaysSound);
        Assert.False(((IHtmlInputElement)(await _ada.GetPageAsync(Path)).QuerySelector("[name=PlaysSound]")!).IsChecked);
        Assert.Equal("Saved.", await SubmitAsync("sound", ("PlaysSound", "true")));
        Assert.True((await ReadAsync()).PlaysSound);
    }

    /// <summary>Submits a form of the page.</summary>
    /// <returns>Its status, or its error.</returns>
    private async Task<string> SubmitAsync(string form, params (string Name, string Value)[] fields)
    {
        using var response = await _ada.SubmitAsync(Path, form, fields);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var page = await FormClient.ReadAsync(response);
        return string.Concat(page.QuerySelectorAll("p[role=status]:not([hidden]), p.error:not([hidden])").Select(text => text.TextContent));
    }

    private void SetZone(string zone) => _ada.Cookies.Add(_node.Address, new Cookie(ReaderTimeZone.CookieName, Uri.EscapeDataString(zone)));

    /// <summary>The stored choices of the only person.</summary>
    private async Task<NotificationChoices> ReadAsync() =>
        (await _node.Services.GetRequiredService<NotificationPreferences>().ReadAsync([1], default))[1];
}
