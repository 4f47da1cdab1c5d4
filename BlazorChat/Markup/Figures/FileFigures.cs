using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Ganss.Xss;
using Markdig.Helpers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BlazorChat.Markup.Figures;

/// <summary>
/// Files that a text names by their ids: <c>![alt](attachment:ID "caption")</c> alone in a paragraph is a picture, a video or a
/// sound, <c>[name](attachment:ID)</c> a card; anywhere else each is a link.
/// </summary>
internal static partial class FileFigures
{
    private const string Scheme = "attachment:";

    /// <summary>Of the column that posts stand in.</summary>
    private const string Sizes = "(min-width: 720px) 680px, 100vw";

    /// <summary>A transparent point, for a picture without a preview.</summary>
    private const string Nothing = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

    private static readonly string[] Attributes =
        ["src", "srcset", "sizes", "width", "height", "alt", "loading", "controls", "preload", "data-picture"];

    /// <summary>The id that a link names; null for a link to anything else.</summary>
    public static Guid? ReadId(LinkInline link) =>
        link.Url is { } url && url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(url.AsSpan(Scheme.Length), "D", out var id)
            ? id
            : null;

    /// <summary>Replaces references to files: by figures where they stand alone, else by links. Unknown ones stay.</summary>
    public static void PutInto(MarkdownDocument document, IReadOnlyDictionary<Guid, ShownFile> files)
    {
        for (var i = 0; i < document.Count; i++)
        {
            if (document[i] is ParagraphBlock { Inline.FirstChild: LinkInline { NextSibling: null } alone } && Find(alone, files) is { } file)
                document[i] = new HtmlBlock(null) { Lines = new StringLineGroup(Write(alone, file)) };
        }

        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            if (Find(link, files) is not { } file)
                continue;
            (link.IsImage, link.Url, link.Title) = (false, file.Address, null);
            if (link.FirstChild is null)
                link.AppendChild(new LiteralInline(file.Name));
        }
    }

    /// <summary>True for a link to a file here, as <see cref="PutInto"/> leaves it.</summary>
    public static bool IsInside(LinkInline link) => link.Url is { } url && FileAddress.IsMatch(url);

    /// <summary>Allows pictures, videos and sounds that are attachments, and no others.</summary>
    public static void Allow(HtmlSanitizer sanitizer)
    {
        foreach (var tag in new[] { "figure", "figcaption", "img", "video", "audio" })
            sanitizer.AllowedTags.Add(tag);
        foreach (var attribute in Attributes.Append("class"))
            sanitizer.AllowedAttributes.Add(attribute);
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is IElement element)
                Check(element);
        };
    }

    /// <summary>It is a figure of a file.</summary>
    public static bool IsGenuine(IElement element) => element is { LocalName: "figure", FirstElementChild: { } first } && element.ClassName switch
    {
        "picture" or "file" => first.LocalName == "a" && FileAddress.IsMatch(first.GetAttribute("href") ?? ""),
        "player" => first.LocalName is "video" or "audio" && FileAddress.IsMatch(first.GetAttribute("src") ?? ""),
        _ => false,
    };

    /// <summary>The first picture that has thumbnails, by its address from the application's root and its size; null when there is none yet.</summary>
    /// <param name="html">What <see cref="MarkdownHtml"/> rendered.</param>
    public static (string Address, int Width, int Height)? FindPicture(string html) => Picture.Match(html) is { Success: true } picture
        ? (picture.Groups["file"].Value, ReadNumber(picture.Groups["width"]), ReadNumber(picture.Groups["height"]))
        : null;

    /// <summary>The same HTML with whole addresses of files, for readers that are elsewhere.</summary>
    /// <param name="html">What <see cref="MarkdownHtml"/> rendered.</param>
    /// <param name="root">The application's, with a slash at its end.</param>
    public static string AsWhole(string html, string root) => FileTag.Replace(
        html,
        tag => RelativeAddress.Replace(SourceSet.Replace(tag.Value, ""), address => $"{address.Groups["name"]}=\"{WebUtility.HtmlEncode(root)}"));

    private static ShownFile? Find(LinkInline link, IReadOnlyDictionary<Guid, ShownFile> files) =>
        ReadId(link) is { } id ? files.GetValueOrDefault(id) : null;

    private static string Write(LinkInline link, ShownFile file)
    {
        var words = InlineText.Read(link);
        if (!link.IsImage)
            return WriteCard(words, file);
        var caption = string.IsNullOrWhiteSpace(link.Title) ? "" : $"<figcaption>{Encode(link.Title.Trim())}</figcaption>";
        return file.Shape switch
        {
            FileShape.Picture or FileShape.PendingPicture =>
                $"""<figure class="picture"><a href="{file.Address}" data-picture="">{WriteImage(words, file)}</a>{caption}</figure>""",
            FileShape.Video => $"""<figure class="player"><video src="{file.Address}" controls="" preload="metadata">{Encode(words)}</video>{caption}</figure>""",
            FileShape.Audio => $"""<figure class="player"><audio src="{file.Address}" controls="" preload="metadata">{Encode(words)}</audio>{caption}</figure>""",
            _ => WriteCard(words, file),
        };
    }

    private static string WriteImage(string alt, ShownFile file)
    {
        var source = file switch
        {
            { Shape: FileShape.PendingPicture } => $"src=\"{(file.Preview.Length > 0 ? Encode(file.Preview) : Nothing)}\"",
            { SmallWidth: var small, LargeWidth: var large } when small == large => $"src=\"{file.Address}/400\"",
            _ => $"""src="{file.Address}/400" srcset="{file.Address}/400 {Number(file.SmallWidth)}w, {file.Address}/1200 {Number(file.LargeWidth)}w" sizes="{Sizes}" """.TrimEnd(),
        };
        return $"""<img {source} width="{Number(file.Width)}" height="{Number(file.Height)}" alt="{Encode(alt)}" loading="lazy">""";
    }

    private static string WriteCard(string words, ShownFile file) =>
        $"""<figure class="file"><a href="{file.Address}"><strong>{Encode(words.Length == 0 ? file.Name : words)}</strong> · {Encode(file.Details)}</a></figure>""";

    private static void Check(IElement element)
    {
        if (element.LocalName is "img" or "video" or "audio")
        {
            if (!IsAllowed(element))
                element.Remove();
            return;
        }

        var isPicture = element.LocalName == "a" && element.ParentElement?.ClassName == "picture" && FileAddress.IsMatch(element.GetAttribute("href") ?? "");
        foreach (var attribute in Attributes)
        {
            if (!isPicture || attribute != "data-picture")
                element.RemoveAttribute(attribute);
        }
    }

    private static bool IsAllowed(IElement element)
    {
        var source = element.GetAttribute("src") ?? "";
        if (element.LocalName != "img")
            return FileAddress.IsMatch(source);
        return (ThumbnailAddress.IsMatch(source) || PreviewAddress.IsMatch(source))
            && (element.GetAttribute("srcset") is not { } set || ThumbnailSet.IsMatch(set));
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text.ReplaceLineEndings(" "));

    private static int ReadNumber(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private const string File = "attachments/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private const string Rest = "(?:[^>\"]|\"[^\"]*\")*";

    [GeneratedRegex($@"\A{File}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileAddress { get; }

    [GeneratedRegex($@"\A{File}/(400|1200)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ThumbnailAddress { get; }

    [GeneratedRegex($@"\A{File}/400 [0-9]{{1,5}}w, {File}/1200 [0-9]{{1,5}}w\z", RegexOptions.CultureInvariant)]
    private static partial Regex ThumbnailSet { get; }

    [GeneratedRegex(@"\Adata:image/(webp|png|jpeg|gif);base64,[A-Za-z0-9+/=]{1,2000}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PreviewAddress { get; }

    // The sanitiser writes every attribute in double quotes, and no bare angle bracket in a text.
    [GeneratedRegex($"<img src=\"(?<file>{File})/400\"{Rest} width=\"(?<width>[0-9]+)\" height=\"(?<height>[0-9]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Picture { get; }

    [GeneratedRegex($"<(?:a|img|video|audio)\\s{Rest}>")]
    private static partial Regex FileTag { get; }

    [GeneratedRegex($"(?<name>\\s(?:href|src))=\"(?={File}[/\"])", RegexOptions.ExplicitCapture)]
    private static partial Regex RelativeAddress { get; }

    [GeneratedRegex(" (?:srcset|sizes)=\"[^\"]*\"")]
    private static partial Regex SourceSet { get; }
}
