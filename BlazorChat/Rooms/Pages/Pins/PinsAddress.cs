using System.Globalization;

namespace BlazorChat.Rooms.Pages.Pins;

/// <summary>The address of the pinned messages beside their room.</summary>
internal static class PinsAddress
{
    /// <summary>Of the parameter in the query.</summary>
    public const string Name = "show";

    public const string Value = "pins";

    public static string Of(int roomId) => string.Create(CultureInfo.InvariantCulture, $"rooms/{roomId}?{Name}={Value}");
}
