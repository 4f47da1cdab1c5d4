using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Localization;

/// <summary>
/// Renders a date or time for <c>wwwroot/js/shared/times.js</c>, which replaces it with one in the reader's time zone before it is shown. The
/// HTML is therefore the same for all readers of a language and can be cached. Without scripts it shows UTC.
/// </summary>
internal static class LocalTime
{
    /// <summary>The time alone for today, the date and the time for other days.</summary>
    public static MarkupString Short(DateTime utc) => Of(utc, "short");

    /// <summary>The date, and the time to the minute.</summary>
    public static MarkupString Moment(DateTime utc) => Of(utc, "moment");

    /// <summary>The date, and the time to the second.</summary>
    public static MarkupString Second(DateTime utc) => Of(utc, "second");

    /// <summary>A date alone.</summary>
    /// <param name="day">The date in the reader's time zone.</param>
    public static MarkupString Day(DateTime day) => new(string.Create(
        CultureInfo.InvariantCulture, $"<time datetime=\"{day:yyyy-MM-dd}\" data-time=\"day\">{CommonTexts.Get("UtcDay", day)}</time>"));

    /// <summary>The value of the attribute <c>datetime</c>.</summary>
    public static string Machine(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>The words for readers without scripts.</summary>
    public static LocalText Utc(DateTime utc) => CommonTexts.Get("UtcMoment", utc);

    private static MarkupString Of(DateTime utc, string form) => new(string.Create(
        CultureInfo.InvariantCulture, $"<time datetime=\"{Machine(utc)}\" data-time=\"{form}\">{Utc(utc)}</time>"));
}
