using BlazorChat.Rooms.Pages.Profile;

namespace BlazorChat.Tests.Rooms.Pages.Profile;

public sealed class StatusEndTests
{
    [Theory]
    [InlineData("UTC", "2026-11-20T12:00", "2026-11-21T00:00")]
    [InlineData("Asia/Seoul", "2026-11-20T16:00", "2026-11-21T15:00")]
    [InlineData("Asia/Seoul", "2026-11-20T12:00", "2026-11-20T15:00")]
    // The clock is put forward at midnight, so the day begins at one.
    [InlineData("Africa/Cairo", "2026-04-23T12:00", "2026-04-23T22:00")]
    public void Today_ends_at_midnight_of_the_readers_zone(string zone, string now, string end) =>
        Assert.Equal(Utc(end), StatusEnd.Today.At(Utc(now), TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact]
    public void The_others_end_after_their_time_or_never()
    {
        var now = Utc("2026-11-20T12:00");
        Assert.Equal(
            [null, now.AddMinutes(30), now.AddHours(1), now.AddHours(4)],
            new[] { StatusEnd.Never, StatusEnd.HalfHour, StatusEnd.Hour, StatusEnd.FourHours }.Select(end => end.At(now, TimeZoneInfo.Utc)));
    }

    private static DateTime Utc(string text) =>
        DateTime.SpecifyKind(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc);
}
