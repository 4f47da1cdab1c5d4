using ColorCode;

namespace BlazorChat.Markup.Code;

/// <summary>A language that ColorCode does not have, whose lines and parts of lines are found by expressions of their own.</summary>
/// <param name="rules">The first that matches at a position counts; <c>^</c> and <c>$</c> are those of a line.</param>
internal sealed class LineLanguage(string id, string[] aliases, params (string Expression, string Scope)[] rules) : ILanguage
{
    public string Id => id;

    public string Name => id;

    public string CssClassName => id;

    public string? FirstLinePattern => null;

    public IList<LanguageRule> Rules { get; } = [.. rules.Select(rule => KeywordLanguage.RuleOf(rule.Expression, rule.Scope))];

    public bool HasAlias(string lang) => aliases.Contains(lang, StringComparer.OrdinalIgnoreCase);
}
