using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace BlazorChat.Common.Emoji;

/// <summary>
/// The emoji that Unicode recommends for interchange, with their skin tones, and their short names. Browsers read the same file
/// (<c>wwwroot/emoji.txt</c>, which <c>generate-emoji.py</c> writes).
/// </summary>
internal static class EmojiList
{
    /// <summary>UTF-16 code units of the longest emoji, as it is stored.</summary>
    public const int MaxLength = 32;

    private const string Variation = "\ufe0f";

    private static readonly string[] Tones = ["🏻", "🏼", "🏽", "🏾", "🏿"];

    private static readonly Lazy<Lists> All = new(Read);

    /// <summary>
    /// The one form in which an emoji is stored. Programs write some emoji with or without the selector of their coloured form (U+FE0F), so it is
    /// ignored. Null for what is no emoji, and for more than one.
    /// </summary>
    public static string? Find(string text) =>
        text.Length is > 0 and <= MaxLength ? All.Value.Emoji.GetValueOrDefault(WithoutVariation(text)) : null;

    /// <summary>The emoji of a short name, such as <c>tada</c>; null for none.</summary>
    public static string? FindByShortName(ReadOnlySpan<char> name) =>
        All.Value.ShortNames.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var emoji) ? emoji : null;

    /// <summary>The number of emoji in a text that has nothing else but white space; 0 for another text, or when there are more than a number.</summary>
    public static int CountOnly(ReadOnlySpan<char> text, int most)
    {
        var count = 0;
        while (!(text = text.TrimStart()).IsEmpty)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            if (length > MaxLength || Find(text[..length].ToString()) is null || ++count > most)
                return 0;
            text = text[length..];
        }

        return count;
    }

    private static string WithoutVariation(string text) => text.Replace(Variation, "", StringComparison.Ordinal);

    private static Lists Read()
    {
        var emoji = new Dictionary<string, string>(StringComparer.Ordinal);
        var (aliases, names) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<(string Name, string Emoji)>());
        using var stream = typeof(EmojiList).Assembly.GetManifestResourceStream("emoji.txt")!;
        using var reader = new StreamReader(stream);
        var isOther = false;
        while (reader.ReadLine() is { } line)
        {
            if (line is ['=', ..])
                isOther = line == "=other";
            else if (isOther)
                Add(line.Split(' '));
            else
                AddLine(line.Split('\t'));
        }

        // A name that people chose is preferred to one that follows from Unicode's.
        foreach (var (name, named) in names)
            aliases.TryAdd(name, named);
        return new Lists(emoji.ToFrozenDictionary(StringComparer.Ordinal), aliases.ToFrozenDictionary(StringComparer.Ordinal));

        void Add(IEnumerable<string> forms)
        {
            foreach (var form in forms)
                emoji[WithoutVariation(form)] = form;
        }

        void AddLine(string[] fields)
        {
            var (form, tones) = (fields[0], fields[1]);
            Add([form]);
            if (tones.Length > 0)
                Add(tones == "t" ? Tones.Select(tone => WithTone(form, tone)) : tones.Split(' '));
            foreach (var alias in fields[2].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                aliases.Add(alias, form);
            names.Add((ShortNameOf(fields[3]), form));
        }
    }

    /// <summary>The tone follows the first character, instead of the selector of the coloured form.</summary>
    private static string WithTone(string emoji, string tone)
    {
        var first = char.IsHighSurrogate(emoji[0]) ? 2 : 1;
        var rest = emoji[first..];
        return emoji[..first] + tone + (rest.StartsWith(Variation, StringComparison.Ordinal) ? rest[1..] : rest);
    }

    /// <summary>The short name that follows from an English name; <c>emoji-list.js</c> has the same rule.</summary>
    private static string ShortNameOf(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                text.Append(letter);
            else if (text is { Length: > 0 } && text[^1] != '_' && CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
                text.Append('_');
        }

        return text.ToString().TrimEnd('_');
    }

    private sealed record Lists(FrozenDictionary<string, string> Emoji, FrozenDictionary<string, string> ShortNames);
}
