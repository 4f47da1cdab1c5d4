using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ColorCode;
using ColorCode.Compilation;

namespace BlazorChat.Markup.Code;

/// <summary>Compiles the expressions of a language as ColorCode does, with a timeout for each match.</summary>
internal sealed class BoundedCompiler(TimeSpan matchTimeout) : ILanguageCompiler
{
    private readonly LanguageCompiler _compiler = new([], new ReaderWriterLockSlim());

    private readonly ConcurrentDictionary<string, CompiledLanguage> _compiled = new();

    public CompiledLanguage Compile(ILanguage language) => _compiled.GetOrAdd(
        language.Id,
        static (_, compile) =>
        {
            var compiled = compile.Compiler.Compile(compile.Language);
            var expression = compiled.Regex;
            compiled.Regex = new Regex(expression.ToString(), expression.Options, compile.Timeout);
            return compiled;
        },
        (Compiler: _compiler, Language: language, Timeout: matchTimeout));
}
