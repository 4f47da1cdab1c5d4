using BlazorChat.Common.Localization;

namespace BlazorChat.Tests.Common.Localization;

public sealed class LocalDayTests
{
    [Theory]
    [InlineData("UTC", 2026, 3, 1, "2026-03-01T00:00:00Z")]
    [InlineData("Asia/Seoul", 2026, 3, 1, "2026-02-28T15:00:00Z")]
    // Midnight was skipped here.
    [InlineData("America/Sao_Paulo", 2018, 11, 4, "2018-11-04T03:00:00Z")]
    // And it came twice here.
    [InlineData("America/Havana", 2026, 11, 1, "2026-11-01T04:00:00Z")]
    public void A_day_begins_once_in_every_zone(string zone, int year, int month, int day, string start) =>
        Assert.Equal(
            DateTime.Parse(start, null, System.Globalization.DateTimeStyles.RoundtripKind),
            LocalDay.StartOf(new DateTime(year, month, day, 13, 0, 0), TimeZoneInfo.FindSystemTimeZoneById(zone)));
}
