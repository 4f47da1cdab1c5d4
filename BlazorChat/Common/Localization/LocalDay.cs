namespace BlazorChat.Common.Localization;

/// <summary>Days in a time zone.</summary>
internal static class LocalDay
{
    /// <summary>UTC, when a day begins in a zone. Where clocks are put forward at midnight, it begins later.</summary>
    public static DateTime StartOf(DateTime day, TimeZoneInfo zone)
    {
        var start = DateTime.SpecifyKind(day.Date, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(start))
            start += TimeSpan.FromMinutes(15);
        // Of an hour that comes twice, the first one.
        return zone.IsAmbiguousTime(start)
            ? DateTime.SpecifyKind(start - zone.GetAmbiguousTimeOffsets(start).Max(), DateTimeKind.Utc)
            : TimeZoneInfo.ConvertTimeToUtc(start, zone);
    }
}
