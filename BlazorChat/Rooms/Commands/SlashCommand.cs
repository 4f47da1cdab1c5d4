using System.Security.Claims;
using BlazorChat.Common.Localization;

namespace BlazorChat.Rooms.Commands;

/// <summary>A command that begins a text: <c>/topic Release on Friday</c>.</summary>
/// <param name="Name">Without the slash: lower case, letters, digits and dashes.</param>
/// <param name="Usage">What follows the name; null when nothing does.</param>
/// <param name="NeedsText">Whether something has to follow it.</param>
/// <param name="Hint">What it does, in a few words.</param>
/// <param name="RunAsync">
/// Calls the service that does it, which checks the rights of the caller, and returns what was done; null when the text is sent as a message.
/// </param>
/// <param name="IsForOthers">Whether an <c>@</c> in its text completes people who are not in the room.</param>
internal sealed record SlashCommand(
    string Name, LocalText? Usage, bool NeedsText, LocalText Hint, Func<SlashCall, Task<LocalText>>? RunAsync, bool IsForOthers = false);

/// <param name="Text">What follows the name, without white space at its ends.</param>
internal sealed record SlashCall(ClaimsPrincipal User, int RoomId, string Text, CancellationToken CancellationToken);
