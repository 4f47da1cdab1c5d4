using System.Text.RegularExpressions;
using ColorCode;
using ColorCode.Common;

namespace BlazorChat.Markup.Code;

/// <summary>
/// A language that ColorCode does not have: comments, strings, numbers and keywords. Every expression is linear in the length of the code.
/// </summary>
/// <param name="comment">An expression, such as <c>//.*$</c>; <c>$</c> is the end of a line.</param>
/// <param name="keywords">Separated by spaces.</param>
internal sealed class KeywordLanguage(string id, string comment, string keywords, params string[] aliases) : ILanguage
{
    private const string DoubleQuoted = """
        "(?:[^"\\\n]|\\.)*"
        """;

    private const string SingleQuoted = """
        '(?:[^'\\\n]|\\.)*'
        """;

    public string Id => id;

    public string Name => id;

    public string CssClassName => id;

    public string? FirstLinePattern => null;

    public IList<LanguageRule> Rules { get; } =
    [
        RuleOf(comment, ScopeName.Comment),
        RuleOf(DoubleQuoted, ScopeName.String),
        RuleOf(SingleQuoted, ScopeName.String),
        RuleOf(@"`[^`]*`", ScopeName.String),
        RuleOf(@"\b[0-9][0-9A-Za-z_.]*\b", ScopeName.Number),
        RuleOf($@"(?<![\w-])(?:{string.Join('|', keywords.Split(' ').Select(Regex.Escape))})(?![\w-])", ScopeName.Keyword),
    ];

    public bool HasAlias(string lang) => aliases.Contains(lang, StringComparer.OrdinalIgnoreCase);

    /// <summary>A rule whose whole match has one scope.</summary>
    internal static LanguageRule RuleOf(string expression, string scope) => new(expression, new Dictionary<int, string> { [0] = scope });
}
