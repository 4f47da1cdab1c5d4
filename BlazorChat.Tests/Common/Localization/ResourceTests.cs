using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Components;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace BlazorChat.Tests.Common.Localization;

/// <summary>Every text that a person reads stands in the resource of its feature, and every text of a resource is used.</summary>
public sealed partial class ResourceTests
{
    private static readonly string[] ReadAttributes = ["title", "aria-label", "placeholder", "alt", "aria-description"];

    private static readonly string Product = Path.Combine(Node.Repository, "BlazorChat");

    private static readonly Dictionary<string, HashSet<string>> Resources = Directory
        .EnumerateFiles(Product, "*Texts.resx", SearchOption.AllDirectories)
        .Where(file => !IsBuilt(file))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, ReadKeys);

    [Fact]
    public void Every_text_that_the_code_names_is_in_its_resource() => Assert.Empty(
        from use in Uses()
        where !Resources.TryGetValue(use.Resource, out var keys) || !keys.Contains(use.Key)
        select $"{use.File}: {use.Resource} has no {use.Key}");

    [Fact]
    public void Every_text_of_a_resource_is_used()
    {
        var used = Uses().Select(use => (use.Resource, use.Key)).ToHashSet();
        Assert.Empty(
            from resource in Resources
            from key in resource.Value
            where !used.Contains((resource.Key, key))
            select $"{resource.Key}: {key}");
    }

    [Fact]
    public void No_component_has_words_in_its_markup()
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(CommonTexts).Assembly.Location);
        Assert.Empty(
            from type in assembly.MainModule.GetAllTypes()
            where IsComponent(type)
            from word in WordsOf(type)
            select $"{type.FullName}: {word}");
    }

    [Fact]
    public void No_script_has_words() => Assert.Empty(
        from script in ScriptFile.All
        from word in script.Words
        select $"{script.Name}: {word}");

    [Fact]
    public void Readers_pages_have_the_texts_of_their_scripts() => Assert.Equal(
        Resources["ReaderScriptTexts"].Order(StringComparer.Ordinal),
        new[] { "times.js", "LiveblogPage.razor.js" }.SelectMany(name => ScriptFile.Find(name).WithImports())
            .SelectMany(script => script.TextKeys).Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string> WordsOf(TypeDefinition component) =>
        from method in component.GetMethodsAndClosures()
        where method.HasBody
        from instruction in method.Body.Instructions
        where instruction.OpCode == OpCodes.Ldstr
        from word in WordsOf((string)instruction.Operand, NextCall(instruction))
        select word;

    /// <summary>What of a literal a person would read, by the call that gets it.</summary>
    private static IEnumerable<string> WordsOf(string literal, string? call) => call switch
    {
        "AddMarkupContent" => WordsOfMarkup(literal),
        "AddContent" => HasLetters().IsMatch(literal) ? [literal.Trim()] : [],
        _ => SentenceStart().IsMatch(literal) ? [literal] : [],
    };

    private static IEnumerable<string> WordsOfMarkup(string markup)
    {
        var document = new HtmlParser().ParseDocument(markup);
        foreach (var ignored in document.QuerySelectorAll("script, style, code"))
            ignored.Remove();
        var attributes = document.All.SelectMany(element => ReadAttributes.Select(element.GetAttribute));
        return attributes.Append(document.DocumentElement.TextContent).OfType<string>().Where(text => HasLetters().IsMatch(text));
    }

    private static string? NextCall(Instruction instruction)
    {
        for (var next = instruction.Next; next is not null && next.OpCode != OpCodes.Ldstr; next = next.Next)
        {
            if (next.Operand is MethodReference method && (next.OpCode == OpCodes.Call || next.OpCode == OpCodes.Callvirt))
                return method.Name;
        }

        return null;
    }

    private static bool IsComponent(TypeDefinition type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.Resolve()?.BaseType)
        {
            if (parent.FullName == typeof(ComponentBase).FullName)
                return true;
        }

        return false;
    }

    private static IEnumerable<(string File, string Resource, string Key)> Uses() => UsesOfCode().Concat(
        from script in ScriptFile.All
        from key in script.TextKeys
        select (script.Name, Resources["ReaderScriptTexts"].Contains(key) ? "ReaderScriptTexts" : "ScriptTexts", key));

    private static IEnumerable<(string File, string Resource, string Key)> UsesOfCode() =>
        from file in Directory.EnumerateFiles(Product, "*.*", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".cs" or ".razor" && !IsBuilt(file)
        let source = File.ReadAllText(file)
        let localizers = Localizer().Matches(source).ToLookup(match => match.Groups["name"].Value, match => match.Groups["resource"].Value)
        from use in Use().Matches(source)
        let owner = use.Groups["owner"].Value
        let resource = localizers.Contains(owner) ? localizers[owner].First() : owner
        where resource.EndsWith("Texts", StringComparison.Ordinal)
        from literal in Literal().Matches(use.Groups["key"].Value)
        from key in use.Groups["call"].Value.EndsWith("Count(", StringComparison.Ordinal)
            ? new[] { $"{literal.Groups[1].Value}.one", $"{literal.Groups[1].Value}.other" }
            : [literal.Groups[1].Value]
        select (Path.GetRelativePath(Product, file), resource, key);

    private static HashSet<string> ReadKeys(string file) =>
        [.. XDocument.Load(file).Descendants("data").Select(data => (string)data.Attribute("name")!)];

    internal static bool IsBuilt(string file) =>
        file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        || file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    [GeneratedRegex(@"IStringLocalizer<(?<resource>\w+)>\??\s+(?<name>\w+)")]
    private static partial Regex Localizer();

    // Text["Key"], Text["Key", argument], Text[condition ? "One" : "Other"], RoomTexts.Get("Key", argument), Text.Count("Key", number)
    [GeneratedRegex(@"\b(?<owner>\w+)(?<call>\[|\.Get\(|\.Count\()\s*(?<key>(?:[^""\[\]();,]*\?\s*)?""[\w.]+""(?:\s*:\s*(?:[^""\[\]();,]*\?\s*)?""[\w.]+"")*)\s*[,\])]")]
    private static partial Regex Use();

    [GeneratedRegex("\"([\\w.]+)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\p{L}")]
    private static partial Regex HasLetters();

    [GeneratedRegex(@"^[\s“]*\p{Lu}[\p{L}'’]*[\s,…][^=;{}<>]*[\p{L}.?!…]")]
    private static partial Regex SentenceStart();
}

file static class CecilTypes
{
    public static IEnumerable<TypeDefinition> GetAllTypes(this ModuleDefinition module) => module.Types.SelectMany(WithNested);

    /// <summary>The methods of a type, and those of the closures and state machines that the compiler nests in it.</summary>
    public static IEnumerable<MethodDefinition> GetMethodsAndClosures(this TypeDefinition type) => WithNested(type).SelectMany(one => one.Methods);

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);
}
