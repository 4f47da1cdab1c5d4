using System.Text.RegularExpressions;

namespace BlazorChat.Tests.Common.Localization;

/// <summary>A script of the product.</summary>
/// <param name="Location">The path of the file.</param>
/// <param name="Source">The script without its comments.</param>
internal sealed partial record ScriptFile(string Location, string Source)
{
    private static readonly string Product = Path.Combine(Node.Repository, "BlazorChat");

    private static readonly string Shared = Path.Combine(Node.Repository, "wwwroot", "js");

    public static readonly IReadOnlyList<ScriptFile> All =
    [
        .. Directory.EnumerateFiles(Product, "*.razor.js", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(Shared, "*.js", SearchOption.AllDirectories))
            .Where(file => !ResourceTests.IsBuilt(file))
            .Select(file => new ScriptFile(file, Comment().Replace(File.ReadAllText(file), ""))),
    ];

    public string Name => Path.GetFileName(Location);

    /// <summary>The keys of the texts that the script shows; a key that is no literal is its expression.</summary>
    public IEnumerable<string> TextKeys =>
        from use in Use().Matches(Name == "texts.js" ? "" : Source)
        let keys = Literal().Matches(use.Groups["keys"].Value).Select(literal => literal.Groups[1].Value)
        from key in keys.DefaultIfEmpty(use.Value)
        from form in use.Groups["call"].Value == "count" ? new[] { $"{key}.one", $"{key}.other" } : [key]
        select form;

    /// <summary>The literals that a person would read.</summary>
    public IEnumerable<string> Words =>
        Text().Matches(Source).Select(text => text.Value).Where(text => Sentence().IsMatch(text))
            .Concat(Template().Matches(Source).Select(text => Expression().Replace(text.Value, " ")).Where(text => TwoWords().IsMatch(text)))
            .Concat(Shown().Matches(Source).Select(text => text.Value));

    /// <summary>This script and all that it loads.</summary>
    public IEnumerable<ScriptFile> WithImports() => WithImports([]);

    public static ScriptFile Find(string name) => All.Single(script => script.Name == name);

    private HashSet<ScriptFile> WithImports(HashSet<ScriptFile> found)
    {
        if (found.Add(this))
        {
            foreach (var path in Import().Matches(Source).Select(import => import.Groups["path"].Value))
                Find(Path.GetFileName(path)).WithImports(found);
        }

        return found;
    }

    [GeneratedRegex(@"(?<!:)//.*|/\*[\s\S]*?\*/")]
    private static partial Regex Comment();

    // text("Key"), count("Key", number), text(condition ? "One" : "Other", argument)
    [GeneratedRegex(@"(?<![.\w])(?<call>text|count)\((?:(?<keys>(?:[^""();,]*\?\s*)?""[\w.]+""(?:\s*:\s*(?:[^""();,]*\?\s*)?""[\w.]+"")*)\s*[,)])?")]
    private static partial Regex Use();

    [GeneratedRegex(@"""([\w.]+)""")]
    private static partial Regex Literal();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"^""[\s“]*\p{Lu}[\p{L}'’]*[\s,…][^=;{}<>]*[\p{L}.?!…]""$")]
    private static partial Regex Sentence();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Template();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\p{L}{2,}[,.]? \p{L}{2,}")]
    private static partial Regex TwoWords();

    [GeneratedRegex(@"\b(textContent|title|alt|placeholder|ariaLabel) = [""`][^""`$]*\p{L}|""(aria-label|title|alt|placeholder)"", [""`][^""`$]*\p{L}")]
    private static partial Regex Shown();

    [GeneratedRegex("(from|import|new URL\\() ?\"(?<path>\\.[^\"]+)\"")]
    private static partial Regex Import();
}
