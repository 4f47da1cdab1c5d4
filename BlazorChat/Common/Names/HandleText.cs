using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using BlazorChat.Common.Localization;

namespace BlazorChat.Common.Names;

/// <summary>
/// Handles, by which people are mentioned. A handle is stored composed and in lower case. It has letters and digits, with single dots, dashes
/// and underscores between them, and mixes no scripts that have letters that look the same.
/// </summary>
public static class HandleText
{
    public const int MinLength = 2;

    /// <summary>UTF-16 code units.</summary>
    public const int MaxLength = 30;

    /// <summary>The largest length of a stored handle: that of one that is not assigned yet.</summary>
    public const int MaxStoredLength = 40;

    /// <summary>Mentions all members of a room.</summary>
    public const string Room = "room";

    /// <summary>Mentions the members of a room who are connected.</summary>
    public const string Here = "here";

    /// <summary>Leaves space for <c>-</c> and six digits.</summary>
    private const int MaxSuggestion = MaxLength - 7;

    /// <summary>No handle begins with it.</summary>
    private const char Unassigned = '#';

    private static readonly FrozenSet<string> Reserved = new[]
    {
        Room, Here, "all", "everyone", "everybody", "channel", "admin", "admins", "administrator", "moderator", "owner", "root", "system",
        "support", "staff", "team", "online", "me", "nobody", "blazorchat", "모두", "전체", "관리자", "운영자", "管理者", "管理員", "管理员",
    }.Select(name => NameForms.Of(name).Shape).ToFrozenSet();

    /// <summary>The form in which a handle is stored and looked up.</summary>
    /// <param name="typed">Well-formed text.</param>
    public static string KeyOf(string typed) =>
        typed.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Normalize(NormalizationForm.FormKC);

    /// <summary>Checks a handle.</summary>
    /// <param name="handle">The result of <see cref="KeyOf"/>.</param>
    /// <returns>A sentence for the person who typed it; null when it is valid.</returns>
    public static LocalText? FindProblem(string handle)
    {
        if (handle.Length is < MinLength or > MaxLength)
            return CommonTexts.Get("HandleLength", MinLength, MaxLength);
        if (FindEnd(handle) < handle.Length || !handle.EnumerateRunes().Any(Rune.IsLetter))
            return CommonTexts.Get("HandleCharacters", handle);
        if (!HandleScripts.AreCompatible(handle))
            return CommonTexts.Get("HandleScripts", handle);
        return Reserved.Contains(NameForms.Of(handle).Shape) ? CommonTexts.Get("HandleReserved", handle) : null;
    }

    /// <summary>Valid handles for a person of this name, the best one first.</summary>
    public static IEnumerable<string> Suggest(string name)
    {
        var first = MakeFrom(name);
        var separator = char.IsDigit(first[^1]) ? "-" : "";
        return Enumerable.Range(2, 20).Select(number => $"{first}{separator}{number}").Prepend(first);
    }

    /// <summary>A unique text that is stored until a handle is assigned. Nobody can be mentioned by it.</summary>
    public static string CreateUnassigned() => $"{Unassigned}{Guid.NewGuid():N}";

    /// <summary>The stored texts without a handle are from this one to the other, in the order of code units.</summary>
    public static (string From, string Before) UnassignedRange => ($"{Unassigned}", $"{(char)(Unassigned + 1)}");

    /// <summary>
    /// The end of the text's beginning that is written like a handle of any length: after a letter or a digit. 0 when there is none.
    /// </summary>
    public static int FindEnd(ReadOnlySpan<char> text)
    {
        var (end, at) = (0, 0);
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out var rune, out var length);
            if (IsPart(rune, isFirst: at == 0))
                end = at += length;
            else if (rune.Value is '.' or '-' or '_' && at > 0 && at == end)
                at++;
            else
                break;
        }

        return end;
    }

    // A few letters, such as the fillers of Hangul, are drawn as nothing.
    private static bool IsPart(Rune rune, bool isFirst) =>
        (Rune.IsLetterOrDigit(rune) || (!isFirst && IsMark(rune))) && !NameText.IsInvisible(rune);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string MakeFrom(string name)
    {
        var made = new StringBuilder();
        var isApart = false;
        foreach (var rune in KeyOf(name).EnumerateRunes())
        {
            // A mark belongs to the letter before it.
            if (!IsPart(rune, made.Length == 0 || isApart) || !HandleScripts.AreCompatible($"{made}{rune}"))
            {
                isApart = made.Length > 0;
                continue;
            }

            var separator = isApart ? "-" : "";
            if (made.Length + separator.Length + rune.Utf16SequenceLength > MaxSuggestion)
                break;
            made.Append(separator).Append(rune.ToString());
            isApart = false;
        }

        var handle = made.ToString();
        if (!handle.EnumerateRunes().Any(Rune.IsLetter))
            handle = "person";
        // What is too short or reserved gets a number.
        return FindProblem(handle) is null ? handle : $"{handle}1";
    }
}
