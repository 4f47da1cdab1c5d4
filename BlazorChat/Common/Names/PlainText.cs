using System.Buffers;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>Checks that every text from outside must pass before it is stored.</summary>
public static class PlainText
{
    /// <summary>Whether the text is valid UTF-16 without NUL and U+FFFE, which no text can be composed with, so that it can be stored, sent as JSON and shown.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || rune.Value is 0 or 0xFFFE)
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>Whether the text is well formed and without line breaks, tabs and other control characters.</summary>
    public static bool IsOneLine(string text) => IsWellFormed(text) && !text.Any(char.IsControl);

    /// <summary>Whether Unicode reserves it for ever, so that it is no part of a text.</summary>
    internal static bool IsNoncharacter(Rune rune) => rune.Value is (>= 0xFDD0 and <= 0xFDEF) || (rune.Value & 0xFFFE) == 0xFFFE;
}
