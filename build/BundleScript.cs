using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Acornima;
using Acornima.Ast;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace BlazorChat.Build
{
    /// <summary>
    /// Writes one script that has a module and all that it imports, without comments. Each module becomes a function that runs when the module
    /// is first imported and returns its exports. Paths of modules are those of their addresses.
    /// </summary>
    public sealed class BundleScript : Task
    {
        private const string Runtime = @"};
const $loaded = {};
const $load = path => $loaded[path] ??= $modules[path]();
const $import = async path => $load(path);
";

        private readonly Dictionary<string, string> _modules = new();

        private readonly List<string> _importing = new();

        /// <summary>The path of the first module.</summary>
        [Required]
        public string Entry { get; set; } = "";

        /// <summary>The folders that have the modules.</summary>
        [Required]
        public ITaskItem[] Roots { get; set; } = Array.Empty<ITaskItem>();

        /// <summary>The file that is written.</summary>
        [Required]
        public string Output { get; set; } = "";

        public override bool Execute()
        {
            try
            {
                Add(Entry);
            }
            catch (Exception exception) when (exception is NotSupportedException || exception is ParseErrorException || exception is IOException)
            {
                Log.LogError("{0}: {1}", _importing.LastOrDefault() ?? Entry, exception.Message);
                return false;
            }

            var bundle = new StringBuilder("const $modules = {\n");
            foreach (var module in _modules)
                bundle.Append('"').Append(module.Key).Append("\"() {\n").Append(module.Value).Append("\n},\n");
            bundle.Append(Runtime).Append("$load(\"").Append(Entry).Append("\");\n");
            Directory.CreateDirectory(Path.GetDirectoryName(Output)!);
            File.WriteAllText(Output, bundle.ToString());
            return true;
        }

        private void Add(string path)
        {
            if (_importing.Contains(path))
                throw new NotSupportedException($"imports itself by {string.Join(", ", _importing)}");
            if (_modules.ContainsKey(path))
                return;
            _importing.Add(path);
            var file = Roots.Select(root => Path.Combine(root.GetMetadata("FullPath"), path)).FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException("there is no such module");
            var source = new ModuleSource(path, File.ReadAllText(file));
            foreach (var imported in source.Imports)
                Add(imported);
            _modules.Add(path, source.ToFunction());
            _importing.RemoveAt(_importing.Count - 1);
            // What is imported on demand may import what imports it.
            foreach (var imported in source.ImportsOnDemand)
                if (!_importing.Contains(imported))
                    Add(imported);
        }

        /// <summary>One module. It is read by its syntax tree, so that a text that looks like an import is none.</summary>
        private sealed class ModuleSource
        {
            private readonly string _path;

            private readonly string _text;

            private readonly List<(int Start, int End, string Text)> _edits = new();

            private readonly List<string> _exports = new();

            public ModuleSource(string path, string text)
            {
                _path = path;
                _text = text;
                var module = new Parser(new ParserOptions { OnComment = Remove }).ParseModule(text);
                foreach (var statement in module.Body)
                    Read(statement);
                foreach (var node in module.DescendantNodes())
                    ReadExpression(node);
            }

            public List<string> Imports { get; } = new();

            public List<string> ImportsOnDemand { get; } = new();

            public string ToFunction()
            {
                var text = new StringBuilder();
                var position = 0;
                foreach (var (start, end, replacement) in _edits.OrderBy(edit => edit.Start))
                {
                    text.Append(_text, position, start - position).Append(replacement);
                    position = end;
                }

                text.Append(_text, position, _text.Length - position);
                return $"{text.ToString().Trim()}\nreturn {{ {string.Join(", ", _exports)} }};";
            }

            private void Remove(in Comment comment) =>
                _edits.Add((comment.Start, comment.End, _text.IndexOf('\n', comment.Start, comment.End - comment.Start) < 0 ? " " : "\n"));

            private void Read(Statement statement)
            {
                switch (statement)
                {
                    case ImportDeclaration import:
                        var path = Resolve(import.Source.Value);
                        Imports.Add(path);
                        Replace(import, Declare(import, path));
                        break;
                    case ExportNamedDeclaration { Declaration: { } declaration } export:
                        _exports.AddRange(NamesOf(declaration));
                        _edits.Add((export.Start, declaration.Start, ""));
                        break;
                    case ExportDeclaration:
                        throw new NotSupportedException("a module of a bundle exports declarations only");
                }
            }

            private void ReadExpression(Node node)
            {
                switch (node)
                {
                    case ImportExpression { Source: StringLiteral source } import:
                        var path = Resolve(source.Value);
                        ImportsOnDemand.Add(path);
                        Replace(import, $"$import(\"{path}\")");
                        break;
                    case ImportExpression:
                        throw new NotSupportedException("a module of a bundle imports literal paths only");
                    case MetaProperty { Meta.Name: "import" }:
                        throw new NotSupportedException("a module of a bundle has no address of its own");
                }
            }

            private static string Declare(ImportDeclaration import, string path)
            {
                if (import.Specifiers.Count == 0)
                    return $"$load(\"{path}\");";
                if (import.Specifiers[0] is ImportNamespaceSpecifier all)
                    return $"const {all.Local.Name} = $load(\"{path}\");";
                var names = import.Specifiers.Select(specifier => specifier is ImportSpecifier { Imported: Identifier imported } named
                    ? imported.Name == named.Local.Name ? imported.Name : $"{imported.Name}: {named.Local.Name}"
                    : throw new NotSupportedException("a module of a bundle imports names only"));
                return $"const {{ {string.Join(", ", names)} }} = $load(\"{path}\");";
            }

            private static IEnumerable<string> NamesOf(Declaration declaration) => declaration switch
            {
                FunctionDeclaration { Id: { } name } => new[] { name.Name },
                ClassDeclaration { Id: { } name } => new[] { name.Name },
                VariableDeclaration { Kind: VariableDeclarationKind.Const } constants when constants.Declarations.All(constant => constant.Id is Identifier) =>
                    constants.Declarations.Select(constant => ((Identifier)constant.Id).Name),
                _ => throw new NotSupportedException("a module of a bundle exports functions, classes and constants only"),
            };

            private string Resolve(string relative)
            {
                if (!relative.StartsWith(".", StringComparison.Ordinal))
                    throw new NotSupportedException($"{relative} is no relative path");
                return new Uri(new Uri($"file:///{_path}"), relative).AbsolutePath.TrimStart('/');
            }

            private void Replace(Node node, string text) => _edits.Add((node.Start, node.End, text));
        }
    }
}
