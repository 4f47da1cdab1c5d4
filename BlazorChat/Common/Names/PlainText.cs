using System.Buffers;
using System.Text;

namespace BlazorChat.Common.Names;

/// <summary>What every text from outside is checked for before it is kept.</summary>
public static class PlainText
{
    /// <summary>True when the text is valid UTF-16 without NUL: it can be stored, sent as JSON and shown.</summary>
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

    /// <summary>True when the text is well formed and fits on one line: no line breaks, tabs or other control characters.</summary>
    public static bool IsOneLine(string text) => IsWellFormed(text) && !text.Any(char.IsControl);
}
