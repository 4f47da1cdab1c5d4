using BlazorChat.Common;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms.Api;

/// <summary>The words for the levels of rooms on the wire.</summary>
internal static class ChatLevel
{
    public static string Of(RoomLevel level) => level switch
    {
        RoomLevel.Everything => "everything",
        RoomLevel.Mentions => "mentions",
        _ => "nothing",
    };

    /// <returns>The level; null for the default.</returns>
    /// <exception cref="RefusedException">The word is none of the levels, or missing.</exception>
    public static RoomLevel? Parse(string? word) => word switch
    {
        "everything" => RoomLevel.Everything,
        "mentions" => RoomLevel.Mentions,
        "nothing" => RoomLevel.Nothing,
        "default" => null,
        _ => throw new RefusedException(RefusalCode.Invalid, RoomTexts.Get("LevelUnknown")),
    };
}
