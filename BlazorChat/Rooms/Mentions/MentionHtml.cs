using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Mentions;

/// <summary>A person whom a message mentions; null for all members of the room, or for those who are connected.</summary>
/// <param name="IsHere">Whether it is for the members who are connected when it is written.</param>
internal readonly record struct MentionTarget(int? PersonId, bool IsHere = false)
{
    public MentionKind Kind => PersonId is not null ? MentionKind.Person : IsHere ? MentionKind.Here : MentionKind.Room;
}

/// <summary>
/// The mentions in the HTML of a message. <c>MarkdownHtml.RenderWithMentions</c> marks texts; the transaction that stores the message
/// replaces each mark by a mention with the id of its person, a link, or the text. People wrote the rest of the HTML, but cannot write such
/// a tag: the sanitiser escapes theirs.
/// </summary>
internal static partial class MentionHtml
{
    private const string MarkStart = "<span class=\"mention\">";

    private const string MentionStart = "<span class=\"mention\" data-";

    private const string Everyone = "data-everyone";

    private const string Here = "data-here";

    /// <summary>Whether texts are marked that may be mentions or links.</summary>
    public static bool HasMarks(string html) => html.Contains(MarkStart, StringComparison.Ordinal);

    /// <summary>The marked texts, with their <c>@</c> or <c>#</c>.</summary>
    public static IEnumerable<string> FindMarks(string html) => HasMarks(html) ? Mark.Matches(html).Select(match => match.Groups["text"].Value) : [];

    /// <summary>Replaces each mark by the HTML of its text.</summary>
    public static string ReplaceMarks(string html, Func<string, string> replace) =>
        HasMarks(html) ? Mark.Replace(html, match => replace(match.Groups["text"].Value)) : html;

    /// <summary>The HTML of a mention.</summary>
    /// <param name="text">As it was written, with its <c>@</c>.</param>
    public static string Of(MentionTarget target, string text) => target.PersonId is { } personId
        ? string.Create(CultureInfo.InvariantCulture, $"<span class=\"mention\" data-person=\"{personId}\">{text}</span>")
        : $"<span class=\"mention\" {(target.IsHere ? Here : Everyone)}>{text}</span>";

    /// <summary>The HTML of a link to a room. It shows the name that the room has now.</summary>
    public static string LinkTo(int roomId, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"<a class=\"room-link\" href=\"/rooms/{roomId}\">#{WebUtility.HtmlEncode(name)}</a>");

    /// <summary>Whether stored HTML mentions anybody.</summary>
    public static bool HasMentions(string html) => html.Contains(MentionStart, StringComparison.Ordinal);

    /// <summary>The people that stored HTML mentions, each with the text that was written for them.</summary>
    public static IEnumerable<(MentionTarget Target, string Text)> FindMentions(string html) =>
        HasMentions(html) ? Mention.Matches(html).Select(match => (TargetOf(match), match.Groups["text"].Value)) : [];

    /// <summary>Whom stored HTML mentions, each once.</summary>
    public static IReadOnlyList<MentionTarget> TargetsIn(string html) =>
        HasMentions(html) ? [.. FindMentions(html).Select(mention => mention.Target).Distinct()] : [];

    /// <summary>Whether stored HTML mentions all members of the room.</summary>
    public static bool MentionsEveryone(string html) => HasMentions(html) && Mention.Matches(html).Any(match => TargetOf(match) is { PersonId: null, IsHere: false });

    /// <summary>Whether stored HTML mentions those who were connected.</summary>
    public static bool MentionsHere(string html) => HasMentions(html) && Mention.Matches(html).Any(match => TargetOf(match).IsHere);

    /// <summary>The HTML of a message for readers: with the names that people have now.</summary>
    public static string Show(MessageView message)
    {
        if (message.Mentions is null)
            return message.Html;
        return Mention.Replace(message.Html, match =>
            TargetOf(match) is { PersonId: { } id } target && message.Mentions.FirstOrDefault(mention => mention.PersonId == id) is { } person
                ? Of(target, $"@{WebUtility.HtmlEncode(person.Name)}")
                : match.Value);
    }

    private static MentionTarget TargetOf(Match match) =>
        new(match.Groups["id"] is { Success: true } id ? int.Parse(id.ValueSpan, CultureInfo.InvariantCulture) : null, match.Groups["here"].Success);

    [GeneratedRegex("<span class=\"mention\">(?<text>[@#][^<]+)</span>")]
    private static partial Regex Mark { get; }

    [GeneratedRegex("<span class=\"mention\" data-(?:person=\"(?<id>[0-9]+)\"|everyone|(?<here>here))>(?<text>@[^<]+)</span>")]
    private static partial Regex Mention { get; }
}
