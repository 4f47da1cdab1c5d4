using BlazorChat.Common.Localization;

namespace BlazorChat.Rooms;

/// <summary>Texts of rooms.</summary>
internal sealed class RoomTexts : Texts<RoomTexts>;
