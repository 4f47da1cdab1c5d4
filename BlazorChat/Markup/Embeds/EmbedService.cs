using System.Text.RegularExpressions;

namespace BlazorChat.Markup.Embeds;

/// <summary>A service whose links have frames. The frame is computed without a request to the service.</summary>
/// <param name="label">The text of a link to it: "YouTube".</param>
/// <param name="pattern">Its links, from the host on and without <c>www.</c>; a query or a fragment after it is ignored.</param>
/// <param name="host">The only host that its frames come from.</param>
/// <param name="path">The frame's path and query, from the captures of the pattern; null for no frame.</param>
internal sealed class EmbedService(
    string label, EmbedShape shape, string pattern, string host, Func<GroupCollection, string?> path)
{
    private readonly Regex _link = new(
        $@"\Ahttps?://(?:www\.)?(?:{pattern})/?(?:[?#].*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>As a content security policy names it.</summary>
    public string Origin { get; } = $"https://{host}";

    /// <summary>Null for an address that is not a link to it.</summary>
    public Embed? Find(string address) =>
        _link.Match(address) is { Success: true, Groups: var parts } && path(parts) is { } frame
            ? new Embed(label, shape, Origin + frame)
            : null;
}
