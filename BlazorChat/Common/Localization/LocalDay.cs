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

    /// <summary>UTC, when a clock in a zone shows a time. When clocks skip it, it moves past the gap; when they show it twice, it is the first time.</summary>
    public static DateTime ToUtc(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            // The clock skips this time. It is read with the offset from before the change, and so moves past the gap.
            return DateTime.SpecifyKind(local - zone.GetUtcOffset(local.AddDays(-1)), DateTimeKind.Utc);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return DateTime.SpecifyKind(local - offset, DateTimeKind.Utc);
    }
}
