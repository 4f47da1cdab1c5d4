using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using BlazorChat.Common.Names;
using BlazorChat.Common.Sites;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Markup;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Links;

/// <summary>A link of a text.</summary>
/// <param name="Key">As <see cref="MessageLink.AddressKey"/>.</param>
internal sealed record FoundLink(string Key, string Address);

/// <summary>Finds the links of a text that get a preview.</summary>
internal sealed partial class LinkFinder(IOptions<LinkPreviewOptions> options, CurrentSite site, IConfiguration configuration)
{
    private readonly bool _isEnabled = options.Value.Enabled;
    private readonly OwnSite _ownSite = new(configuration);

    /// <summary>The first different addresses of other sites; none when previews are off.</summary>
    public IReadOnlyList<FoundLink> Find(string markdown)
    {
        if (!_isEnabled || site.View.Rules.LinkPreviews == false)
            return [];
        var found = new List<FoundLink>();
        foreach (var address in OutsideLinks.Find(markdown))
        {
            if (address.UserInfo.Length > 0 || IsOwn(address) || address.AbsoluteUri is not { Length: <= MessageLink.MaxAddressLength } text || !PlainText.IsOneLine(text))
                continue;
            var key = KeyOf(address);
            if (found.TrueForAll(link => link.Key != key))
                found.Add(new FoundLink(key, text));
            if (found.Count == PreviewView.MaxPreviews)
                break;
        }

        return found;
    }

    private bool IsOwn(Uri address) => Permalink.IsMatch(address.PathAndQuery + address.Fragment) || _ownSite.Has(address);

    private static string KeyOf(Uri address)
    {
        var withoutFragment = address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(withoutFragment)));
    }

    /// <summary>The path of a message, which has a card of its own.</summary>
    [GeneratedRegex(@"\A/rooms/[0-9]{1,9}(?:#m-[0-9]{1,15}|(?:/[0-9]{1,15}){1,2})\z")]
    private static partial Regex Permalink { get; }
}
