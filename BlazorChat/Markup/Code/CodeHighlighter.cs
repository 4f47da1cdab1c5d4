using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ColorCode;
using ColorCode.Common;
using ColorCode.Parsing;

namespace BlazorChat.Markup.Code;

/// <summary>
/// Marks the parts of code with classes, for both themes. Fenced code is highlighted once, when it is written. Code of an unknown language,
/// and code whose highlighting would be long or slow, is shown without.
/// </summary>
internal sealed partial class CodeHighlighter
{
    /// <summary>UTF-16 code units of a block of code that is highlighted.</summary>
    public const int MaxLength = 10_000;

    /// <summary>Parts that are marked in one block. Each is an element of every reader's page.</summary>
    public const int MaxParts = 1_500;

    private const string Begin = "<pre tabindex=\"0\"><code class=\"language-";

    private const string End = "</code></pre>";

    private readonly LanguageParser _parser;

    /// <param name="matchTimeout">The longest search for one part. ColorCode's own expressions have no bound.</param>
    public CodeHighlighter(TimeSpan matchTimeout) =>
        _parser = new LanguageParser(new BoundedCompiler(matchTimeout), new LanguageRepository(Languages.All.ToDictionary(language => language.Id)));

    /// <summary>Used for all that is written.</summary>
    public static CodeHighlighter Default { get; } = new(TimeSpan.FromMilliseconds(20));

    /// <summary>The class of a fenced block whose language was typed: the only one that <c>code</c> may have before it is highlighted.</summary>
    [GeneratedRegex(@"^language-[\w+#.-]{1,20}$")]
    public static partial Regex LanguageClass { get; }

    /// <summary>Highlights the fenced code of a rendered text, and removes the classes that named its languages.</summary>
    /// <param name="html">What the sanitiser wrote: text in <c>code</c> is encoded and has no elements.</param>
    public string HighlightAll(string html)
    {
        var at = html.IndexOf(Begin, StringComparison.Ordinal);
        if (at < 0)
            return html;
        var highlighted = new StringBuilder(html.Length * 2);
        var copied = 0;
        for (; at >= 0; at = html.IndexOf(Begin, copied, StringComparison.Ordinal))
        {
            var name = html[(at + Begin.Length)..html.IndexOf('"', at + Begin.Length)];
            var start = at + Begin.Length + name.Length + "\">".Length;
            var end = html.IndexOf(End, start, StringComparison.Ordinal);
            var code = html[start..end];
            highlighted.Append(html, copied, at - copied).Append("<pre tabindex=\"0\"><code>").Append(Highlight(WebUtility.HtmlDecode(code), name) ?? code);
            copied = end;
        }

        return highlighted.Append(html, copied, html.Length - copied).ToString();
    }

    /// <returns>Encoded HTML with a <c>span</c> for each marked part; null when the code is shown without.</returns>
    internal string? Highlight(string code, string name)
    {
        if (code.Length > MaxLength || CodeLanguages.Find(name) is not { } language)
            return null;
        var html = new StringBuilder(code.Length * 2);
        var parts = 0;
        try
        {
            _parser.Parse(code, language, (text, scopes) => parts += Write(html, text, scopes));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }

        return parts is > 0 and <= MaxParts ? html.ToString() : null;
    }

    private static int Write(StringBuilder html, string text, IList<Scope> scopes)
    {
        var (written, parts) = (0, 0);
        foreach (var scope in scopes.OrderBy(scope => scope.Index))
        {
            if (ClassOf(scope.Name) is not { } name || scope.Index < written)
                continue;
            html.Append(WebUtility.HtmlEncode(text[written..scope.Index]))
                .Append("<span class=\"").Append(name).Append("\">")
                .Append(WebUtility.HtmlEncode(text.Substring(scope.Index, scope.Length)))
                .Append("</span>");
            written = scope.Index + scope.Length;
            parts++;
        }

        html.Append(WebUtility.HtmlEncode(text[written..]));
        return parts;
    }

    // theme.css has a colour for each class.
    private static string? ClassOf(string scope) => scope switch
    {
        CodeLanguages.Inserted => "code-inserted",
        CodeLanguages.Deleted => "code-deleted",
        ScopeName.Comment or ScopeName.HtmlComment or ScopeName.XmlComment or ScopeName.XmlDocComment or ScopeName.XmlDocTag => "code-comment",
        ScopeName.String or ScopeName.StringCSharpVerbatim or ScopeName.StringEscape or ScopeName.JsonString or ScopeName.HtmlAttributeValue
            or ScopeName.XmlAttributeValue or ScopeName.CssPropertyValue or ScopeName.MarkdownCode => "code-string",
        ScopeName.Number or ScopeName.JsonNumber or ScopeName.BuiltinValue => "code-number",
        ScopeName.Keyword or ScopeName.ControlKeyword or ScopeName.PseudoKeyword or ScopeName.PreprocessorKeyword or ScopeName.JsonConst
            or ScopeName.PowerShellOperator or ScopeName.MarkdownHeader => "code-keyword",
        ScopeName.ClassName or ScopeName.Type or ScopeName.TypeVariable or ScopeName.HtmlElementName or ScopeName.XmlName or ScopeName.CssSelector
            or ScopeName.PowerShellType or ScopeName.PowerShellCommand or ScopeName.BuiltinFunction or ScopeName.SqlSystemFunction => "code-type",
        ScopeName.JsonKey or ScopeName.HtmlAttributeName or ScopeName.XmlAttribute or ScopeName.CssPropertyName or ScopeName.PowerShellVariable
            or ScopeName.PowerShellAttribute or ScopeName.PowerShellParameter or ScopeName.Attribute => "code-name",
        _ => null,
    };
}
