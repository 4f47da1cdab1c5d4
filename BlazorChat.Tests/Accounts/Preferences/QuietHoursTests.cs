using System.Globalization;
using BlazorChat.Accounts.Preferences;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Tests.Accounts.Preferences;

/// <summary>Quiet hours by the clock of a person, also on the days when clocks change. Berlin: 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00.</summary>
public sealed class QuietHoursTests
{
    [Theory]
    // Within a day, and over midnight.
    [InlineData("13:00", "14:00", "2026-06-10T11:00:00Z", "2026-06-10T12:00:00Z")]
    [InlineData("13:00", "14:00", "2026-06-10T10:59:59Z", null)]
    [InlineData("13:00", "14:00", "2026-06-10T12:00:00Z", null)]
    [InlineData("22:00", "07:00", "2026-06-10T20:00:00Z", "2026-06-11T05:00:00Z")]
    [InlineData("22:00", "07:00", "2026-06-11T04:59:59Z", "2026-06-11T05:00:00Z")]
    [InlineData("22:00", "07:00", "2026-06-11T05:00:00Z", null)]
    // The night in which an hour is skipped, and that in which it is repeated: the end is at 7 by the clock.
    [InlineData("22:00", "07:00", "2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z")]
    [InlineData("22:00", "07:00", "2026-10-24T20:00:00Z", "2026-10-25T06:00:00Z")]
    // An end that clocks skip is when they have moved on; a beginning too.
    [InlineData("22:00", "02:30", "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("02:30", "07:00", "2026-03-29T01:15:00Z", null)]
    [InlineData("02:30", "07:00", "2026-03-29T01:30:00Z", "2026-03-29T05:00:00Z")]
    // An end that clocks show twice is the first one.
    [InlineData("22:00", "02:30", "2026-10-25T00:15:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("22:00", "02:30", "2026-10-25T01:15:00Z", null)]
    public void They_end_by_the_clock_of_the_person(string from, string to, string now, string? end)
    {
        var hours = new QuietHours(TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(to, CultureInfo.InvariantCulture));

        Assert.Equal(end is null ? null : Utc(end), hours.EndAt(Utc(now), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
    }

    [Fact]
    public void In_each_minute_of_a_year_the_answer_agrees_with_the_one_a_minute_later()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var hours = new QuietHours(new TimeOnly(22, 30), new TimeOnly(1, 30));
        var now = Utc("2026-01-01T12:00:00Z");
        var (nights, before) = (0, (DateTime?)null);
        for (var minute = 0; minute < 365 * 24 * 60; minute++, now = now.AddMinutes(1))
        {
            var end = hours.EndAt(now, zone);
            if (end is not null && before is not null && now < before)
                Assert.Equal(before, end);
            if (end is not null && before is null)
                nights++;
            if (end is null && before is not null)
                Assert.Equal(before, now);
            before = end;
        }

        Assert.Equal(365, nights);
    }

    [Fact]
    public void Do_not_disturb_that_ends_in_the_quiet_hours_ends_with_them()
    {
        var choices = NotificationChoices.Default with
        {
            DoNotDisturbUntil = Utc("2026-06-10T23:00:00Z"),
            QuietHours = new QuietHours(new TimeOnly(22, 0), new TimeOnly(7, 0)),
        };

        Assert.Equal(Utc("2026-06-11T07:00:00Z"), choices.QuietUntil(Utc("2026-06-10T20:00:00Z")));
        Assert.Null(choices.QuietUntil(Utc("2026-06-11T07:00:00Z")));
        Assert.Equal(Utc("2026-06-10T21:00:00Z"), (choices with { DoNotDisturbUntil = Utc("2026-06-10T21:00:00Z") }).QuietUntil(Utc("2026-06-10T20:00:00Z")));
        Assert.Equal(RoomLevel.Mentions, choices.RoomLevel);
    }

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
}
