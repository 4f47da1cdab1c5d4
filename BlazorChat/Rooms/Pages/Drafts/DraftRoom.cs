namespace BlazorChat.Rooms.Pages.Drafts;

/// <summary>A room with a draft, for the script that lists drafts.</summary>
public sealed record DraftRoom(int Id, string Name);
