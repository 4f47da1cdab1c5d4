using System.Text.RegularExpressions;
using System.Xml.Linq;
using BlazorChat.Common.Localization;

namespace BlazorChat.Tests.Common.Localization;

/// <summary>Every language has every text of <see cref="SiteLanguages.Default"/>, with the same placeholders.</summary>
public sealed partial class TranslationTests
{
    private static readonly string Product = Path.Combine(Node.Repository, "BlazorChat");

    /// <summary>The resources of the default language.</summary>
    private static readonly IReadOnlyList<string> Neutral =
        [.. Directory.EnumerateFiles(Product, "*Texts.resx", SearchOption.AllDirectories).Where(file => !ResourceTests.IsBuilt(file))];

    /// <summary>Without the default one.</summary>
    public static TheoryData<string> Translations => [.. SiteLanguages.All.Skip(1).Select(language => language.Name)];

    [Theory]
    [MemberData(nameof(Translations))]
    public void Every_text_is_translated(string language) => Assert.Empty(
        from file in Neutral
        let translated = Read(Translated(file, language))
        from text in Read(file)
        where !translated.ContainsKey(text.Key)
        select $"{Path.GetFileName(file)}: {text.Key} is not in {language}");

    [Theory]
    [MemberData(nameof(Translations))]
    public void No_translation_is_of_a_text_that_is_gone(string language) => Assert.Empty(
        from file in Neutral
        let texts = Read(file)
        from translation in Read(Translated(file, language))
        where !texts.ContainsKey(translation.Key)
        select $"{Path.GetFileName(file)}: {translation.Key} of {language} is no text");

    [Theory]
    [MemberData(nameof(Translations))]
    public void A_translation_has_the_placeholders_of_its_text(string language) => Assert.Empty(
        from file in Neutral
        let texts = Read(file)
        from translation in Read(Translated(file, language))
        where texts.TryGetValue(translation.Key, out var text)
            && !PlaceholdersOf(text, translation.Key).SetEquals(PlaceholdersOf(translation.Value, translation.Key))
        select $"{Path.GetFileName(file)}: {translation.Key}: {translation.Value}");

    [Fact]
    public void Korean_texts_have_no_words_of_another_language_but_names() => Assert.Empty(
        from file in Neutral
        from text in Read(Translated(file, "ko"))
        from word in KoreanPages.ForeignWords(text.Value)
        select $"{Path.GetFileName(file)}: {text.Key}: {word}");

    [Fact]
    public void Every_Korean_particle_that_depends_on_a_word_has_both_forms() => Assert.Empty(
        from file in Neutral
        from text in Read(Translated(file, "ko"))
        where LoneParticle.IsMatch(text.Value)
        select $"{Path.GetFileName(file)}: {text.Key}: {text.Value}");

    private static string Translated(string file, string language) => Path.ChangeExtension(file, $"{language}.resx");

    private static Dictionary<string, string> Read(string file) => XDocument.Load(file).Descendants("data").ToDictionary(
        data => (string)data.Attribute("name")!, data => (string)data.Element("value")!);

    /// <summary>The form for one may name the number, and may not.</summary>
    private static HashSet<string> PlaceholdersOf(string text, string key) =>
        [.. Placeholder.Matches(text).Select(match => match.Groups[1].Value).Where(index => index != "0" || !key.EndsWith(".one", StringComparison.Ordinal))];

    [GeneratedRegex(@"\{(\d)[^{}]*\}")]
    private static partial Regex Placeholder { get; }

    // Of a placeholder that is a name: {0}를 for a word like 방 would be wrong.
    [GeneratedRegex(@"\{\d\}[”""')\]]*(을|를|이|가|은|는|과|와|으로|로)(?![가-힣(])")]
    private static partial Regex LoneParticle { get; }
}
