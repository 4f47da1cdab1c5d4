namespace BlazorChat.Rooms.Pages.Composing;

/// <summary>A command that the composer completes.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Text">What is written, without its slash.</param>
/// <param name="Usage">What follows it; empty for nothing.</param>
public sealed record CommandItem(string Name, string Text, string Usage);

/// <param name="IsComplete">Always, so the browser filters them.</param>
public sealed record CommandList(IReadOnlyList<CommandItem> Items, bool IsComplete = true);
