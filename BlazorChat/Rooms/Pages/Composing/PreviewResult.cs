namespace BlazorChat.Rooms.Pages.Composing;

/// <summary>The preview of a text, for the composer's script.</summary>
/// <param name="Html">What would be stored; null when it can't be sent.</param>
/// <param name="Reason">A sentence for the writer: why not.</param>
public sealed record PreviewResult(string? Html, string? Reason);
