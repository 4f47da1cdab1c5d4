using BlazorChat.Common.Localization;

namespace BlazorChat.Rooms.Pages.Profile;

/// <summary>When a status or do-not-disturb ends, as one chooses it.</summary>
internal enum StatusEnd
{
    Never,
    HalfHour,
    Hour,
    FourHours,
    Today,
}

internal static class StatusEnds
{
    /// <summary>The time; null for never.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="zone">The zone whose day ends.</param>
    public static DateTime? At(this StatusEnd end, DateTime now, TimeZoneInfo zone) => end switch
    {
        StatusEnd.HalfHour => now.AddMinutes(30),
        StatusEnd.Hour => now.AddHours(1),
        StatusEnd.FourHours => now.AddHours(4),
        StatusEnd.Today => LocalDay.StartOf(TimeZoneInfo.ConvertTimeFromUtc(now, zone).AddDays(1), zone),
        _ => null,
    };
}
