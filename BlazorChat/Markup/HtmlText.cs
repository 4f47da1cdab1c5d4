using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace BlazorChat.Markup;

/// <summary>The words of what <see cref="MarkdownHtml"/> rendered, where no HTML is shown.</summary>
internal static partial class HtmlText
{
    /// <summary>Replaces a spoiler, since its reader has not asked to see it.</summary>
    private const string Hidden = "▒▒▒";

    /// <summary>The text on one line, cut after a word where it is longer.</summary>
    /// <param name="maxLength">UTF-16 code units, including the ellipsis of a shortened text.</param>
    public static string Read(string html, int maxLength)
    {
        var text = WebUtility.HtmlDecode(Tag.Replace(InlineTag.Replace(Image.Replace(Spoiler.Replace(html, Hidden), " $1 "), ""), " "));
        return Shorten(Spaces.Replace(text, " ").Trim(), maxLength);
    }

    /// <summary>A longer text is shortened after a word, never within a visible character.</summary>
    /// <inheritdoc cref="Read" path="/param[@name='maxLength']"/>
    public static string Shorten(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;
        var end = 0;
        for (int next; (next = end + StringInfo.GetNextTextElementLength(text, end)) < maxLength;)
            end = next;
        var space = text.LastIndexOf(' ', end);
        return $"{text[..(space > maxLength / 2 ? space : end)].TrimEnd()}…";
    }

    /// <summary>Whether it has a link that leaves the site, or was written with an address.</summary>
    public static bool HasOutsideLink(string html) => html.Contains($"rel=\"{MarkdownHtml.OutsideRel}\"", StringComparison.Ordinal);

    // The sanitiser writes every attribute in double quotes, and no bare angle bracket in a text.
    [GeneratedRegex("""</?(?:a|code|del|em|span|strong|wbr)(?:\s(?:[^>"]|"[^"]*")*)?>""")]
    private static partial Regex InlineTag { get; }

    [GeneratedRegex("""<i class="spoiler"(?:\s(?:[^>"]|"[^"]*")*)?>.*?</i>""", RegexOptions.Singleline)]
    private static partial Regex Spoiler { get; }

    // The alternative text stands for a picture.
    [GeneratedRegex("""<img\s(?:[^>"]|"[^"]*")*? alt="([^"]*)"(?:[^>"]|"[^"]*")*>""")]
    private static partial Regex Image { get; }

    [GeneratedRegex("""<(?:[^>"]|"[^"]*")*>""")]
    private static partial Regex Tag { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces { get; }
}
