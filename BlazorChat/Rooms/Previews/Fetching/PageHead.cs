using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace BlazorChat.Rooms.Previews.Fetching;

/// <summary>What the head of a page says of it.</summary>
internal sealed class PageHead
{
    /// <summary>The most tags that are read.</summary>
    private const int MaxTags = 5_000;

    /// <summary>UTF-16 code units of a value that is read; it is shortened later.</summary>
    private const int MaxValue = 4_000;

    private static readonly string[] ForbiddingWords = ["noindex", "nosnippet", "none"];

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);
    private string? _base;

    private PageHead()
    {
    }

    /// <summary>Whether the page asks not to be shown elsewhere.</summary>
    public bool IsForbidden => _values.TryGetValue("robots", out var robots) && ForbidsPreviews(robots);

    public string? Title => Find("og:title", "twitter:title", "<title>");

    public string? Text => Find("og:description", "twitter:description", "description");

    public string? Site => Find("og:site_name", "application-name");

    /// <summary>The absolute address of its picture; null for none.</summary>
    /// <param name="page">The address of the page.</param>
    public Uri? FindPicture(Uri page)
    {
        var root = _base is not null && Uri.TryCreate(page, _base, out var named) ? named : page;
        return Find("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "<image_src>") is { } address
            && Uri.TryCreate(root, address.Trim(), out var picture) ? picture : null;
    }

    /// <summary>Whether directives for robots forbid to show a page elsewhere.</summary>
    public static bool ForbidsPreviews(string directives) =>
        directives.Split([',', ':'], StringSplitOptions.TrimEntries).Intersect(ForbiddingWords, StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>
    /// Reads tags up to the end of the head. It builds no tree, which a page could make grow with the square of its length, and
    /// reads no tag that is longer than <see cref="LongTags.MaxTag"/>, nor what follows it.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static PageHead Read(string html, CancellationToken cancellationToken)
    {
        var head = new PageHead();
        using var source = new TextSource(LongTags.Cut(html));
        using var tokens = new HtmlTokenizer(source, HtmlEntityProvider.Resolver) { SkipComments = true, SkipScriptText = true, SkipRawText = true };
        for (var tags = 0; tags < MaxTags; tags++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var token = tokens.Get();
            if (token.Type == HtmlTokenType.EndOfFile || token is { Type: HtmlTokenType.EndTag, Name: "head" } or { Type: HtmlTokenType.StartTag, Name: "body" })
                break;
            if (token.Type == HtmlTokenType.StartTag)
                head.Read(token.AsTag(), tokens);
        }

        return head;
    }

    private void Read(HtmlTagToken tag, HtmlTokenizer tokens)
    {
        switch (tag.Name)
        {
            case "title":
                tokens.State = HtmlParseMode.RCData;
                if (tokens.Get() is { Type: HtmlTokenType.Character } text)
                    Add("<title>", text.Data);
                break;
            case "meta":
                Add(ValueOf(tag, "property") ?? ValueOf(tag, "name"), ValueOf(tag, "content"));
                break;
            case "link" when ValueOf(tag, "rel")?.Equals("image_src", StringComparison.OrdinalIgnoreCase) == true:
                Add("<image_src>", ValueOf(tag, "href"));
                break;
            case "base":
                _base ??= ValueOf(tag, "href");
                break;
            case "script":
                tokens.State = HtmlParseMode.Script;
                break;
            case "style" or "noscript" or "noframes" or "iframe" or "xmp":
                tokens.State = HtmlParseMode.Rawtext;
                break;
            case "textarea":
                tokens.State = HtmlParseMode.RCData;
                break;
        }
    }

    /// <summary>The first value of a name counts.</summary>
    private void Add(string? name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(name) && !string.IsNullOrWhiteSpace(value))
            _values.TryAdd(name.Trim(), value.Length > MaxValue ? value[..MaxValue] : value);
    }

    private string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.TryGetValue(name, out var value))
                return value;
        }

        return null;
    }

    private static string? ValueOf(HtmlTagToken tag, string name) => tag.GetAttribute(name) is { Length: > 0 } value ? value : null;
}
