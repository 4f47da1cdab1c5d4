using System.Text.RegularExpressions;

namespace BlazorChat.Tests.Common.Localization;

/// <summary>Which words a Korean text may have in another alphabet: names, keys, formats, and what people type.</summary>
internal static partial class KoreanPages
{
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        // Products and protocols.
        "BlazorChat", "CSV", "Redis", "JavaScript", "Markdown", "iPhone", "iPad", "YouTube", "https", "QR", "UTC",
        // Formats.
        "JPEG", "PNG", "GIF", "WebP", "ZIP", "B", "kB", "MB", "GB",
        // Settings, addresses and units of the health page.
        "ms", "health", "ready", "Mail", "Host", "From", "ConnectionStrings", "maxmemory", "Valkey",
        // Keys of the keyboard.
        "Ctrl", "K", "Enter", "Shift",
        // What programs and people type.
        "ID", "owner", "ownerId", "a", "z", "room", "here", "remind", "tomorrow", "at", "stand", "up", "today", "yesterday",
        "everything", "mentions", "nothing", "default", "has", "is", "from", "in", "file", "picture", "link", "edited", "mine", "mention",
    };

    /// <summary>The words of a text that a Korean reader would not expect. Placeholders are none.</summary>
    public static IEnumerable<string> ForeignWords(string text) =>
        Latin.Matches(Placeholder.Replace(text, " ")).Select(match => match.Value).Where(word => !Allowed.Contains(word));

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Latin { get; }

    [GeneratedRegex(@"\{\d[^{}]*\}")]
    private static partial Regex Placeholder { get; }
}
