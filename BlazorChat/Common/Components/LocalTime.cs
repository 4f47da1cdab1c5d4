using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Components;

/// <summary>
/// A date or time for <c>wwwroot/js/times.js</c>, which writes it in the reader's language and zone before it is seen. So the HTML is
/// the same for everybody, and can be rendered once. Without scripts it is read in UTC.
/// </summary>
internal static class LocalTime
{
    /// <summary>The time of today, and with its day another one.</summary>
    public static MarkupString Short(DateTime utc) => Of(utc, "short");

    /// <summary>With its day, to the minute.</summary>
    public static MarkupString Moment(DateTime utc) => Of(utc, "moment");

    /// <summary>With its day, to the second.</summary>
    public static MarkupString Second(DateTime utc) => Of(utc, "second");

    /// <param name="day">In the reader's zone.</param>
    public static MarkupString Day(DateTime day) => new(string.Create(
        CultureInfo.InvariantCulture, $"<time datetime=\"{day:yyyy-MM-dd}\" data-time=\"day\">{day:dddd, d MMMM yyyy}</time>"));

    /// <summary>For the <c>datetime</c> of an element.</summary>
    public static string Machine(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static MarkupString Of(DateTime utc, string form) => new(string.Create(
        CultureInfo.InvariantCulture, $"<time datetime=\"{Machine(utc)}\" data-time=\"{form}\">{utc:d MMM yyyy, HH:mm} UTC</time>"));
}
