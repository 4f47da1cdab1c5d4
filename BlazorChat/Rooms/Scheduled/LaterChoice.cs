using BlazorChat.Common.Localization;

namespace BlazorChat.Rooms.Scheduled;

/// <summary>A time that is offered to a person.</summary>
/// <param name="At">UTC.</param>
public sealed record LaterChoice(LocalText Name, DateTime At)
{
    private static readonly TimeOnly Morning = new(9, 0);

    /// <summary>The times for a reminder: soon, or tomorrow at nine o'clock.</summary>
    /// <inheritdoc cref="ForMessage"/>
    public static IReadOnlyList<LaterChoice> ForReminder(DateTime now, TimeZoneInfo zone) =>
    [
        new(RoomTexts.Get("InTwentyMinutes"), now.AddMinutes(20)),
        new(RoomTexts.Get("InHour"), now.AddHours(1)),
        new(RoomTexts.Get("InThreeHours"), now.AddHours(3)),
        ForMessage(now, zone)[0],
    ];

    /// <summary>The times for a message: nine o'clock tomorrow, and on Monday.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="zone">The zone of the person's clock.</param>
    public static IReadOnlyList<LaterChoice> ForMessage(DateTime now, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, zone));
        var (tomorrow, monday) = (today.AddDays(1), today.AddDays(1));
        while (monday.DayOfWeek != DayOfWeek.Monday)
            monday = monday.AddDays(1);
        LaterChoice[] choices = [new(RoomTexts.Get("TomorrowMorning"), At(tomorrow)), new(RoomTexts.Get("MondayMorning"), At(monday))];
        return monday == tomorrow ? choices[..1] : choices;

        DateTime At(DateOnly day) => LocalDay.ToUtc(day.ToDateTime(Morning), zone);
    }
}
