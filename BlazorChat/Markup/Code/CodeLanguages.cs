using ColorCode;
using ColorCode.Common;

namespace BlazorChat.Markup.Code;

/// <summary>The languages of fenced code: ColorCode's, and common ones that it does not have.</summary>
internal static class CodeLanguages
{
    /// <summary>The scopes of a line that a diff adds and of one that it removes.</summary>
    public const string Inserted = "Inserted", Deleted = "Deleted";

    private const string Slashes = @"//.*$|/\*[\s\S]*?\*/";

    private const string Hash = @"(?<![\S])\#.*$";

    private static readonly ILanguage[] Own =
    [
        new KeywordLanguage(
            "bash", Hash,
            "if then elif else fi for in do done while until case esac function return exit export local set source sudo cd echo",
            "sh", "shell", "zsh", "console", "dockerfile", "makefile"),
        // ColorCode's know neither let nor template strings.
        new KeywordLanguage(
            "javascript", Slashes,
            "async await break case catch class const continue debugger default delete do else export extends false finally for from function if import in instanceof let new null of return static super switch this throw true try typeof undefined var void while yield",
            "js", "jsx", "node"),
        new KeywordLanguage(
            "typescript", Slashes,
            "abstract any as async await boolean break case catch class const continue declare default delete do else enum export extends false finally for from function if implements import in infer instanceof interface is keyof let namespace never new null number of private protected public readonly return satisfies static string super switch this throw true try type typeof undefined unknown var void while yield",
            "ts", "tsx"),
        new KeywordLanguage(
            "go", Slashes,
            "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false",
            "golang"),
        new KeywordLanguage(
            "rust", Slashes,
            "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while",
            "rs"),
        new KeywordLanguage(
            "kotlin", Slashes,
            "as break class continue data do else false for fun if in interface is null object open override package private return super suspend this throw true try typealias val var when while import",
            "kt", "kts"),
        new KeywordLanguage(
            "swift", Slashes,
            "as async await break case catch class continue default defer do else enum extension false for func guard if import in init let nil override private protocol public return self static struct super switch throw throws true try var where while"),
        new KeywordLanguage(
            "ruby", Hash,
            "alias and begin break case class def do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true unless until when while yield",
            "rb"),
        new LineLanguage(
            "yaml", ["yml"],
            (@"(?<![\S])\#.*$", ScopeName.Comment),
            (@"^[ \t]*(?:-[ \t]+)*[\w./-]+(?=:(?:[ \t]|$))", ScopeName.JsonKey),
            ("\"(?:[^\"\\\\\\n]|\\\\.)*\"|'[^'\\n]*'", ScopeName.String),
            (@"\b(?:true|false|null|yes|no)\b", ScopeName.Keyword),
            (@"(?<![\w.-])-?[0-9][0-9_.]*(?![\w-])", ScopeName.Number)),
        new LineLanguage(
            "toml", ["ini", "conf", "properties"],
            (@"^[ \t]*[\#;].*$", ScopeName.Comment),
            (@"^[ \t]*\[.*\][ \t]*$", ScopeName.Type),
            (@"^[ \t]*[\w.-]+(?=[ \t]*=)", ScopeName.JsonKey),
            ("\"(?:[^\"\\\\\\n]|\\\\.)*\"|'[^'\\n]*'", ScopeName.String),
            (@"\b(?:true|false)\b", ScopeName.Keyword),
            (@"(?<![\w.-])-?[0-9][0-9_.]*(?![\w-])", ScopeName.Number)),
        new LineLanguage(
            "diff", ["patch"],
            (@"^(?:@@.*|diff[ ].*|index[ ].*|---[ ].*|\+\+\+[ ].*)$", ScopeName.Comment),
            (@"^\+.*$", Inserted),
            (@"^-.*$", Deleted)),
    ];

    /// <param name="name">As it was typed after the fence: <c>C#</c>, <c>py</c>, <c>tsx</c>.</param>
    /// <returns>Null for an unknown language.</returns>
    public static ILanguage? Find(string name)
    {
        var id = name.ToLowerInvariant() switch
        {
            "jsonc" or "json5" => "json",
            "svg" or "csproj" or "xaml" => "xml",
            "razor" or "vue" or "svelte" => "html",
            "postgres" or "postgresql" or "sqlite" or "mysql" or "tsql" => "sql",
            "scss" or "less" => "css",
            "h" or "hpp" or "cc" => "cpp",
            var lower => lower,
        };
        return Array.Find(Own, language => language.Id == id || language.HasAlias(id)) ?? Languages.FindById(id);
    }
}
