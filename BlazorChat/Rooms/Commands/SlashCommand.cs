using System.Security.Claims;
using BlazorChat.Common.Localization;

namespace BlazorChat.Rooms.Commands;

/// <summary>A command that begins a text: <c>/topic Release on Friday</c>.</summary>
/// <param name="Name">Without the slash: lower case, letters, digits and dashes.</param>
/// <param name="Usage">What follows the name; null when nothing does.</param>
/// <param name="NeedsText">Whether something has to follow it.</param>
/// <param name="Hint">What it does, in a few words.</param>
/// <param name="RunAsync">
/// Calls the service that does it, which checks the rights of the caller, and returns what was done; null when the text is sent as a message, or a page runs it.
/// </param>
/// <param name="IsForOthers">Whether an <c>@</c> in its text completes people who are not in the room.</param>
/// <param name="IsPoll">Whether the page opens the dialog of a new poll, with the text as its question.</param>
internal sealed record SlashCommand(
    string Name, LocalText? Usage, bool NeedsText, LocalText Hint, Func<SlashCall, Task<SlashAnswer>>? RunAsync, bool IsForOthers = false, bool IsPoll = false);

/// <summary>What a command has done.</summary>
/// <param name="At">UTC, for <c>{0}</c> in the text; null for none. The browser writes it, as every time: in the reader's language and zone.</param>
internal sealed record SlashAnswer(LocalText Text, DateTime? At = null);

/// <param name="Text">What follows the name, without white space at its ends.</param>
/// <param name="Zone">The zone of the user's clock.</param>
/// <param name="Id">An id that the client chose, the same when the command is given again because no answer came.</param>
internal sealed record SlashCall(ClaimsPrincipal User, int RoomId, string Text, TimeZoneInfo Zone, Guid Id, CancellationToken CancellationToken);
