using System.Text.RegularExpressions;
using BlazorChat.Common.Localization;

namespace BlazorChat.Markup.Embeds;

/// <summary>A service whose links can be shown in place, without asking it anything.</summary>
/// <param name="label">What following a link to it does: "Watch on YouTube".</param>
/// <param name="pattern">Its links, from the host on and without <c>www.</c>; what follows it in a query or a fragment does not count.</param>
/// <param name="host">The only host that its frames come from.</param>
/// <param name="path">The frame's path and query, from what the pattern captured; null for no frame after all.</param>
internal sealed class EmbedService(
    LocalText label, EmbedShape shape, string pattern, string host, Func<GroupCollection, string?> path)
{
    private readonly Regex _link = new(
        $@"\Ahttps?://(?:www\.)?(?:{pattern})/?(?:[?#].*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>As a content security policy names it.</summary>
    public string Origin { get; } = $"https://{host}";

    /// <summary>Null for what is no link to it.</summary>
    public Embed? Find(string address) =>
        _link.Match(address) is { Success: true, Groups: var parts } && path(parts) is { } frame
            ? new Embed(label, shape, Origin + frame)
            : null;
}
