using System.Buffers;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>Checks that every text from outside must pass before it is stored.</summary>
public static class PlainText
{
    /// <summary>Whether the text is valid UTF-16 without NUL, so that it can be stored, sent as JSON and shown.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || rune.Value == 0)
                return false;
            text = text[length..];
        }

        return true;
    }

    /// <summary>Whether the text is well formed and without line breaks, tabs and other control characters.</summary>
    public static bool IsOneLine(string text) => IsWellFormed(text) && !text.Any(char.IsControl);
}
