using System.Text.RegularExpressions;
using BlazorChat.Demo.Team;

namespace BlazorChat.Demo.Filling;

/// <summary>Fills the names of a scene's text.</summary>
internal static partial class SceneText
{
    /// <param name="addresses">The addresses of messages by their labels.</param>
    public static string Fill(string text, Cast cast, IReadOnlyDictionary<string, string> addresses) => Names().Replace(
        text,
        match => match.Groups["person"] is { Success: true } person ? $"@{cast[person.Value].Handle}" : addresses[match.Groups["label"].Value]);

    [GeneratedRegex(@"\{(?:@(?<person>\w+)|#(?<label>[a-z-]+))\}")]
    private static partial Regex Names();
}
