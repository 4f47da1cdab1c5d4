namespace BlazorChat.Rooms.Pages.Composing;

/// <summary>The time at which a message will be sent, for the composer's script.</summary>
/// <param name="DueAt">UTC.</param>
public sealed record LaterResult(DateTime DueAt);
