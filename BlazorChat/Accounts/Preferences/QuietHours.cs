using BlazorChat.Common.Localization;

namespace BlazorChat.Accounts.Preferences;

/// <summary>Hours of each day in which nothing notifies a person. They may end on the next day.</summary>
/// <param name="From">The first minute, by the clock of the person.</param>
/// <param name="To">The minute after the last one.</param>
public readonly record struct QuietHours(TimeOnly From, TimeOnly To)
{
    /// <summary>
    /// The time at which the quiet hours end, if they include a time; null if they do not. When clocks skip the end, it is the first
    /// minute after it; when they show it twice, the first one.
    /// </summary>
    /// <param name="now">UTC.</param>
    public DateTime? EndAt(DateTime now, TimeZoneInfo zone)
    {
        if (From == To)
            return null;
        var local = TimeZoneInfo.ConvertTimeFromUtc(now, zone);
        // Those that began on the day before may end today; an hour that is repeated may be over already.
        foreach (var day in new[] { DateOnly.FromDateTime(local).AddDays(-1), DateOnly.FromDateTime(local) })
        {
            var end = LocalDay.ToUtc(day.AddDays(To < From ? 1 : 0).ToDateTime(To), zone);
            if (LocalDay.ToUtc(day.ToDateTime(From), zone) <= now && now < end)
                return end;
        }

        return null;
    }

    /// <summary>A time of the day after this one. When clocks skip it, the first minute after it; when they show it twice, the first one.</summary>
    /// <param name="now">UTC.</param>
    public static DateTime NextDay(DateTime now, TimeOnly clock, TimeZoneInfo zone) =>
        LocalDay.ToUtc(DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, zone)).AddDays(1).ToDateTime(clock), zone);
}
