using System.Globalization;
using System.Text;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Files;

/// <summary>What an uploader calls a file, made safe to show and to offer when it is saved. It is never a path on the server.</summary>
internal static class FileName
{
    private const string Nameless = "file";

    /// <summary>The last part of a path on one line. A name that is too long is shortened before its extension.</summary>
    public static string Clean(string name)
    {
        var last = name[(name.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        var text = new StringBuilder(last.Length);
        foreach (var rune in last.EnumerateRunes())
        {
            // Marks that turn the direction of text could make a name look as if it ended otherwise.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                || rune == Rune.ReplacementChar)
                continue;
            text.Append(rune.ToString());
        }

        var clean = text.ToString().Normalize(NormalizationForm.FormC).Trim(' ', '.');
        return clean.Length == 0 ? Nameless : Shorten(clean);
    }

    private static string Shorten(string name)
    {
        if (name.Length <= Attachment.MaxNameLength)
            return name;
        var ending = Path.GetExtension(name);
        if (ending.Length is 0 or > 20)
            ending = "";
        var end = Attachment.MaxNameLength - ending.Length;
        // Never between the two halves of one character.
        return $"{name[..(char.IsLowSurrogate(name[end]) ? end - 1 : end)]}{ending}";
    }
}
