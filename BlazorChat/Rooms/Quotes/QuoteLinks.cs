using System.Globalization;
using System.Text.RegularExpressions;

namespace BlazorChat.Rooms.Quotes;

/// <summary>Finds the links to messages of this site in the HTML of a message, where the sanitiser wrote every attribute in double quotes.</summary>
internal sealed partial class QuoteLinks(IConfiguration configuration)
{
    /// <summary>The most cards of a message.</summary>
    public const int MaxQuotes = 3;

    private readonly string? _publicOrigin = OriginOf(configuration["Shell:PublicUrl"]);

    /// <summary>Whether there may be a link to a message, perhaps of another site.</summary>
    public static bool MayHave(string html) => html.Contains("/rooms/", StringComparison.OrdinalIgnoreCase) && Link.IsMatch(html);

    /// <summary>The messages of this site that the first links name, each once.</summary>
    /// <param name="baseUri">The address at which the reader has the site open; it counts beside <c>Shell:PublicUrl</c>.</param>
    public IReadOnlyList<QuoteAddress> Find(string html, string baseUri)
    {
        if (!html.Contains("/rooms/", StringComparison.OrdinalIgnoreCase))
            return [];
        List<QuoteAddress> found = [];
        for (var link = Link.Match(html); link.Success && found.Count < MaxQuotes; link = link.NextMatch())
        {
            if (link.Groups["origin"] is { Success: true } origin && !IsOwn(OriginOf(origin.Value), baseUri))
                continue;
            var address = new QuoteAddress(
                int.Parse(link.Groups["room"].ValueSpan, CultureInfo.InvariantCulture),
                NumberOf(link.Groups["message"]),
                NumberOf(link.Groups["reply"]));
            if (!found.Contains(address))
                found.Add(address);
        }

        return found;
    }

    private bool IsOwn(string? origin, string baseUri) => origin is not null && (origin == _publicOrigin || origin == OriginOf(baseUri));

    private static long NumberOf(Group number) => number.Success ? long.Parse(number.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static string? OriginOf(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;

    [GeneratedRegex(
        """<a (?:[^>"]|"[^"]*")*?href="(?<origin>https?://[^/"?#]+)?/rooms/(?<room>[0-9]{1,9})(?:#m-(?<message>[0-9]{1,15})|/(?<message>[0-9]{1,15})(?:/(?<reply>[0-9]{1,15}))?)["]""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Link { get; }
}
