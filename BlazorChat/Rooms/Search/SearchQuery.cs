using System.Globalization;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Common.Search;

namespace BlazorChat.Rooms.Search;

/// <summary>A query as it was written: words, phrases in quotation marks, and filters like <c>from:ada</c>.</summary>
/// <param name="Units">The words and phrases.</param>
/// <param name="Filters">The values of the filters <c>from</c> and <c>in</c>, which the service looks up.</param>
/// <param name="Has">Tags that a message must have.</param>
/// <param name="From">The first moment, in the reader's time zone; null for none.</param>
/// <param name="Until">The moment before which a message was sent; null for none.</param>
internal sealed record SearchQuery(
    IReadOnlyList<SearchUnit> Units,
    IReadOnlyList<(string Key, string Value)> Filters,
    IReadOnlyList<string> Has,
    bool IsMine,
    bool IsMention,
    DateTime? From,
    DateTime? Until)
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 500;

    /// <summary>The most words, phrases and filters.</summary>
    public const int MaxParts = 30;

    public const string FromKey = "from";
    public const string InKey = "in";

    private const string BeforeKey = "before";
    private const string AfterKey = "after";
    private const string HasKey = "has";
    private const string IsKey = "is";

    /// <summary>Whether nothing is searched.</summary>
    public bool IsEmpty => Units.Count == 0 && Filters.Count == 0 && Has.Count == 0 && !IsMine && !IsMention && From is null && Until is null;

    /// <summary>Reads a query.</summary>
    /// <param name="today">The day in the reader's time zone, for <c>today</c> and <c>yesterday</c>.</param>
    /// <exception cref="RefusedException">It is too long or malformed; the reason names the part.</exception>
    public static SearchQuery Parse(string text, DateOnly today)
    {
        if (text.Length > MaxLength)
            throw Invalid(RoomTexts.Get("SearchTooLong", MaxLength));
        if (!PlainText.IsWellFormed(text))
            throw Invalid(RoomTexts.Get("MessageUnreadable"));
        var parts = Split(text);
        if (parts.Count > MaxParts)
            throw Invalid(RoomTexts.Get("SearchTooManyParts", MaxParts));
        var units = new List<SearchUnit>();
        var filters = new List<(string Key, string Value)>();
        var has = new List<string>();
        var (isMine, isMention) = (false, false);
        DateTime? from = null;
        DateTime? until = null;
        foreach (var (key, value, isPhrase) in parts)
        {
            if (key is not null && value.Length == 0)
                throw Invalid(RoomTexts.Get("SearchFilterEmpty", key));
            switch (key)
            {
                case null:
                    if (SearchUnit.Of(value, isPhrase) is { } unit)
                        units.Add(unit);
                    break;
                case FromKey or InKey:
                    filters.Add((key, value));
                    break;
                case BeforeKey:
                    until = ParseDate(value, today) is var end && until < end ? until : end;
                    break;
                case AfterKey:
                    from = ParseDate(value, today) is var begin && from > begin ? from : begin;
                    break;
                case HasKey:
                    has.Add(ParseHas(value));
                    break;
                default:
                    if (value.Equals("edited", StringComparison.OrdinalIgnoreCase))
                        has.Add(SearchTag.Edited);
                    else if (value.Equals("mine", StringComparison.OrdinalIgnoreCase))
                        isMine = true;
                    else if (value.Equals("mention", StringComparison.OrdinalIgnoreCase))
                        isMention = true;
                    else
                        throw Invalid(RoomTexts.Get("SearchIsUnknown", value));
                    break;
            }
        }

        return new SearchQuery(units, filters, has, isMine, isMention, from, until);
    }

    internal static RefusedException Invalid(LocalText reason) => new(RefusalCode.Invalid, reason);

    private static string ParseHas(string value) => value.ToLowerInvariant() switch
    {
        "file" or "files" => SearchTag.File,
        "picture" or "pictures" or "image" or "images" => SearchTag.Picture,
        "link" or "links" => SearchTag.Link,
        _ => throw Invalid(RoomTexts.Get("SearchHasUnknown", value)),
    };

    /// <summary>A day, a month or a year, by its first moment.</summary>
    private static DateTime ParseDate(string value, DateOnly today)
    {
        var day = value.ToLowerInvariant() switch
        {
            "today" => today,
            "yesterday" => today.AddDays(-1),
            _ => DateOnly.TryParseExact(
                value, ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy-M", "yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? date
                : throw Invalid(RoomTexts.Get("SearchDateUnknown", value)),
        };
        return day.ToDateTime(TimeOnly.MinValue);
    }

    private static List<(string? Key, string Value, bool IsPhrase)> Split(string text)
    {
        var parts = new List<(string?, string, bool)>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var key = ReadKey(text, ref at);
            var isPhrase = at < text.Length && IsQuote(text[at]);
            var begin = isPhrase ? ++at : at;
            while (at < text.Length && (isPhrase ? !IsQuote(text[at]) : !char.IsWhiteSpace(text[at]) && !(key is null && IsQuote(text[at]))))
                at++;
            parts.Add((key, text[begin..at].Trim(), isPhrase));
            if (isPhrase)
                at++;
        }

        return parts;
    }

    /// <summary>Reads the name of a filter and its colon.</summary>
    private static string? ReadKey(string text, ref int at)
    {
        foreach (var key in new[] { FromKey, InKey, BeforeKey, AfterKey, HasKey, IsKey })
        {
            if (at + key.Length < text.Length
                && string.Compare(text, at, key, 0, key.Length, StringComparison.OrdinalIgnoreCase) == 0
                && text[at + key.Length] is ':' or '\uFF1A')
            {
                at += key.Length + 1;
                return key;
            }
        }

        return null;
    }

    private static bool IsQuote(char c) => c is '"' or '\u201C' or '\u201D' or '\u201E';
}
