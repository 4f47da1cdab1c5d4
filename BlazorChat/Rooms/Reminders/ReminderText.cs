using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;

namespace BlazorChat.Rooms.Reminders;

/// <summary>
/// Reads what follows <c>/remind</c>, in English and Korean: <c>me tomorrow at 9 to call Zoe</c>, <c>내일 9시 회의</c>. It reads the forms of its table
/// and nothing else, so that no reminder comes at a time that its person did not mean. The time comes first, then the text.
/// </summary>
internal static partial class ReminderText
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private const string Clock = @"(?:(?<noon>noon)|(?<h>[0-9]{1,2})(?::(?<m>[0-9]{2}))?(?:\s?(?<half>am|pm))?)";

    /// <summary>After a day: a bare number is a time only after <c>at</c>.</summary>
    private const string ClockOfDay = @"(?:at\s+" + Clock + @"|(?<noon>noon)|(?<h>[0-9]{1,2}):(?<m>[0-9]{2})(?:\s?(?<half>am|pm))?|(?<h>[0-9]{1,2})\s?(?<half>am|pm))";

    private const string KoreanClock = @"(?:(?<part>오전|오후|아침|저녁|밤)\s?)?(?:(?<h>[0-9]{1,2})시(?:\s?(?:(?<m>[0-9]{1,2})분|(?<thirty>반)))?|(?<h>[0-9]{1,2}):(?<m>[0-9]{2}))(?:에)?";

    /// <summary>Between the time and the text.</summary>
    private const string Rest = @"(?:\s+(?:(?:to|that|about)\s+)?(?!(?:to|that|about)$)(?<what>\S[\s\S]*))?$";

    /// <summary>A day without a time.</summary>
    private static readonly TimeOnly Morning = new(9, 0);

    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private const string KoreanWeekdays = "일월화수목금토";

    /// <summary>Reads a text; null when it is of no form, names a time that does not exist, or has no text.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="zone">The zone of the person's clock.</param>
    public static (DateTime DueAt, string What)? Read(string text, DateTime now, TimeZoneInfo zone)
    {
        if (!PlainText.IsWellFormed(text))
            return null;
        text = text.Trim().Normalize();
        if (Me.Match(text) is { Success: true } me)
            text = text[me.Length..];
        // Of the same length, so that the text is taken as it was written.
        var narrow = string.Concat(text.Select(Narrow));
        var local = TimeZoneInfo.ConvertTimeFromUtc(now, zone);
        foreach (var (form, read) in Forms)
        {
            if (form.Match(narrow) is { Success: true } match)
            {
                return match.Groups["what"] is { Success: true } what && !IsTime(match, what.Value) && read(match, now, local, zone) is { } due
                    ? (due, text.Substring(what.Index, what.Length).Trim())
                    : null;
            }
        }

        return null;
    }

    /// <summary>Whether a text seems to begin with more of the time, which is not read.</summary>
    private static bool IsTime(Match match, string what) =>
        MoreOfTime.IsMatch(what) || (!match.Groups["half"].Success && !match.Groups["part"].Success && PartOfDay.IsMatch(what));

    /// <summary>The digits and signs of an East Asian keyboard.</summary>
    private static char Narrow(char c) => !char.IsSurrogate(c) && $"{c}".Normalize(NormalizationForm.FormKC) is { Length: 1 } narrow ? narrow[0] : c;

    private static (Regex Form, Func<Match, DateTime, DateTime, TimeZoneInfo, DateTime?> Read)[] Forms =>
    [
        (After, ReadAfter), (KoreanAfter, ReadAfter),
        (OnDate, ReadDate), (KoreanDate, ReadDate),
        (OnDay, ReadDay), (KoreanDay, ReadDay),
        (OnWeekday, ReadWeekday), (KoreanWeekday, ReadWeekday),
        (At, ReadClock), (KoreanAt, ReadClock),
    ];

    /// <summary>A time from now. Minutes and hours pass on every clock; days and weeks are those of the calendar.</summary>
    private static DateTime? ReadAfter(Match match, DateTime now, DateTime local, TimeZoneInfo zone)
    {
        var (elapsed, days) = (TimeSpan.Zero, 0);
        for (var i = 0; i < match.Groups["n"].Captures.Count; i++)
        {
            var (number, unit) = (match.Groups["n"].Captures[i].Value, match.Groups["u"].Captures[i].Value.ToLowerInvariant());
            if (char.IsAsciiDigit(number[0]) && number.Length > 4)
                return null;
            var count = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 1;
            switch (unit[0])
            {
                case 'm' or '분':
                    elapsed += TimeSpan.FromMinutes(count);
                    break;
                case 'h' or '시':
                    elapsed += number.StartsWith("half", StringComparison.OrdinalIgnoreCase) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(count);
                    break;
                case 'd' or '일':
                    days += count;
                    break;
                default:
                    days += 7 * count;
                    break;
            }
        }

        return days == 0 ? now + elapsed : LocalDay.ToUtc(local.AddDays(days), zone) + elapsed;
    }

    private static DateTime? ReadDay(Match match, DateTime now, DateTime local, TimeZoneInfo zone)
    {
        var day = match.Groups["day"].Value.ToLowerInvariant() switch
        {
            "today" or "오늘" => 0,
            "tomorrow" or "내일" => 1,
            _ => 2,
        };
        // Today has no time of its own.
        return day == 0 && !HasClock(match) ? null : AtDay(match, DateOnly.FromDateTime(local).AddDays(day), zone);
    }

    /// <summary>The next such day, which is today if its time has not passed. A weekday of the next week is one of the week that begins on Monday.</summary>
    private static DateTime? ReadWeekday(Match match, DateTime now, DateTime local, TimeZoneInfo zone)
    {
        var name = match.Groups["weekday"].Value.ToLowerInvariant();
        var weekday = KoreanWeekdays.IndexOf(name[0], StringComparison.Ordinal) is >= 0 and var korean
            ? korean
            : Array.FindIndex(Weekdays, known => known.StartsWith(name, StringComparison.Ordinal));
        var today = DateOnly.FromDateTime(local);
        var ahead = (weekday - (int)today.DayOfWeek + 7) % 7;
        if (match.Groups["nextweek"].Success)
        {
            var monday = today.AddDays(7 - (((int)today.DayOfWeek + 6) % 7));
            return AtDay(match, monday.AddDays((weekday + 6) % 7), zone);
        }

        if (ahead == 0 && match.Groups["next"].Success)
            ahead = 7;
        var due = AtDay(match, today.AddDays(ahead), zone);
        return due <= now ? AtDay(match, today.AddDays(ahead + 7), zone) : due;
    }

    private static DateTime? ReadDate(Match match, DateTime now, DateTime local, TimeZoneInfo zone)
    {
        var (month, date) = (Number(match, "month"), Number(match, "date"));
        var year = match.Groups["year"].Success ? Number(match, "year") : local.Year;
        if (Date(year, month, date) is not { } day)
            return null;
        var due = AtDay(match, day, zone);
        // A date without a year is the next one.
        return due <= now && !match.Groups["year"].Success ? Date(year + 1, month, date) is { } next ? AtDay(match, next, zone) : null : due;
    }

    /// <summary>A time of today, or of tomorrow if it has passed.</summary>
    private static DateTime? ReadClock(Match match, DateTime now, DateTime local, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(local);
        var due = AtDay(match, today, zone);
        return due <= now ? AtDay(match, today.AddDays(1), zone) : due;
    }

    private static DateOnly? Date(int year, int month, int day) =>
        year is > 0 and < 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateOnly(year, month, day) : null;

    private static DateTime? AtDay(Match match, DateOnly day, TimeZoneInfo zone) =>
        ReadClock(match) is { } clock ? LocalDay.ToUtc(day.ToDateTime(clock), zone) : null;

    private static bool HasClock(Match match) => match.Groups["h"].Success || match.Groups["noon"].Success;

    /// <summary>The time of a form, nine o'clock without one; null for one that no clock shows.</summary>
    private static TimeOnly? ReadClock(Match match)
    {
        if (match.Groups["noon"].Success)
            return new TimeOnly(12, 0);
        if (!match.Groups["h"].Success)
            return Morning;
        var hour = Number(match, "h");
        var minute = match.Groups["m"].Success ? Number(match, "m") : match.Groups["thirty"].Success ? 30 : 0;
        var part = match.Groups["half"].Success ? match.Groups["half"].Value.ToLowerInvariant() : match.Groups["part"].Value;
        if (part.Length > 0)
        {
            if (hour is 0 or > 12)
                return null;
            // Whether a morning begins at 1, or a night ends at 12, is not said.
            if (part is "아침" or "저녁" && hour is < 5 or 12 || part is "밤" && hour is < 7 or 12)
                return null;
            hour = (hour % 12) + (part is "pm" or "오후" or "저녁" or "밤" ? 12 : 0);
        }

        return hour < 24 && minute < 60 ? new TimeOnly(hour, minute) : null;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?:[0-9]|[-–~]|(?:at|@|by|before|after|around|about|from|until|till|and|to)\s+[0-9]|(?:at|am|pm)\b|[ap]\.\s?m|o['’]?clock|(?:half|quarter)\s+(?:an?|past|to)\b"
        + @"|(?:utc|gmt|kst|jst|cet|cest|bst|est|edt|cst|pst|pdt)\b|(?:(?:on|next|this)\s+)*(?:today|tomorrow|tonight|(?:sun|mon|tues|wednes|thurs|fri|satur)day)\b"
        + @"|반(?:쯤|정도|까지|부터)?(?:\s|$)|(?:다음\s?주|오늘|내일|모레|[일월화수목금토]요일))",
        Options)]
    private static partial Regex MoreOfTime { get; }

    [GeneratedRegex(
        @"^(?:(?:in\s+the|this|at)\s+)?(?:(?:early|late)\s+)?(?:morning|noon|midday|afternoon|evening|night|midnight)\b|^(?:오전|오후|아침|저녁|밤|낮|새벽|정오|자정|점심에)", Options)]
    private static partial Regex PartOfDay { get; }

    [GeneratedRegex(@"^me\s+", Options)]
    private static partial Regex Me { get; }

    [GeneratedRegex(@"^in\s+(?<n>[0-9]+|an?|half\s+an)\s*(?<u>minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)(?:\s*(?:and\s+)?(?<n>[0-9]+)\s*(?<u>minutes?|mins?|m))?" + Rest, Options)]
    private static partial Regex After { get; }

    [GeneratedRegex(@"^(?<n>[0-9]+)\s?(?<u>분|시간|일|주일?)(?:\s?(?<n>[0-9]+)\s?(?<u>분))?\s?(?:뒤|후)(?:에)?" + Rest, Options)]
    private static partial Regex KoreanAfter { get; }

    [GeneratedRegex(@"^(?<day>today|tomorrow)(?:\s+" + ClockOfDay + ")?" + Rest, Options)]
    private static partial Regex OnDay { get; }

    [GeneratedRegex(@"^(?<day>오늘|내일|모레)(?:\s?" + KoreanClock + ")?" + Rest, Options)]
    private static partial Regex KoreanDay { get; }

    [GeneratedRegex(@"^(?:on\s+|(?<next>next)\s+)?(?<weekday>sunday|monday|tuesday|wednesday|thursday|friday|saturday|sun|mon|tue|wed|thu|fri|sat)(?:\s+" + ClockOfDay + ")?" + Rest, Options)]
    private static partial Regex OnWeekday { get; }

    [GeneratedRegex(@"^(?<nextweek>다음\s?주\s?)?(?<weekday>[일월화수목금토])요일(?:에)?(?:\s?" + KoreanClock + ")?" + Rest, Options)]
    private static partial Regex KoreanWeekday { get; }

    [GeneratedRegex(@"^(?:on\s+)?(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<date>[0-9]{1,2})(?:\s+" + ClockOfDay + ")?" + Rest, Options)]
    private static partial Regex OnDate { get; }

    [GeneratedRegex(@"^(?:(?<year>[0-9]{4})년\s?)?(?<month>[0-9]{1,2})월\s?(?<date>[0-9]{1,2})일(?:에)?(?:\s?" + KoreanClock + ")?" + Rest, Options)]
    private static partial Regex KoreanDate { get; }

    [GeneratedRegex("^at\\s+" + Clock + Rest, Options)]
    private static partial Regex At { get; }

    [GeneratedRegex("^" + KoreanClock + Rest, Options)]
    private static partial Regex KoreanAt { get; }
}
