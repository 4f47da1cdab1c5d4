using Microsoft.Extensions.Localization;

namespace BlazorChat.Common.Localization;

/// <summary>Texts with a number: English has a form for one and a form for the other numbers.</summary>
internal static class PluralKey
{
    public static string Of(string key, long number) => number == 1 ? $"{key}.one" : $"{key}.other";

    /// <summary>The text for a number: <c>Members.one</c> for 1, else <c>Members.other</c>; the number is <c>{0}</c>.</summary>
    public static string Count(this IStringLocalizer text, string key, long number) => text[Of(key, number), number];
}
