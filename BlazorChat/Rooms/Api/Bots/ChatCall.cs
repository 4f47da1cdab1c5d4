using BlazorChat.Rooms.Bots;

namespace BlazorChat.Rooms.Api.Bots;

/// <summary>A command that a person has written to a bot.</summary>
/// <param name="Id">Ascends. Acknowledge it when the command was carried out.</param>
/// <param name="Handle">The handle of the person, without the <c>@</c>.</param>
/// <param name="Name">The name of the command, without the slash.</param>
/// <param name="Text">What follows it; empty for nothing.</param>
/// <param name="CalledAt">UTC.</param>
public sealed record ChatCall(long Id, int RoomId, int PersonId, string PersonName, string Handle, string Name, string Text, DateTime CalledAt)
{
    internal static IReadOnlyList<ChatCall> From(IReadOnlyList<BotCallView> calls) =>
        [.. calls.Select(call => new ChatCall(call.Id, call.RoomId, call.PersonId, call.PersonName, call.Handle, call.Name, call.Text, call.CalledAt))];
}

/// <summary>A command that a bot declares.</summary>
/// <param name="Name">Without the slash: up to 30 lower-case letters of English, digits and dashes, beginning with a letter.</param>
/// <param name="Hint">What it does, in at most 100 characters.</param>
/// <param name="Usage">What follows it, in at most 60 characters; null for nothing.</param>
public sealed record ChatBotCommand(string Name, string Hint, string? Usage = null)
{
    internal static IReadOnlyList<ChatBotCommand> From(IReadOnlyList<DeclaredCommand> commands) =>
        [.. commands.Select(command => new ChatBotCommand(command.Name, command.Hint, command.Usage.Length == 0 ? null : command.Usage))];

    internal static IReadOnlyList<DeclaredCommand> Read(IReadOnlyList<ChatBotCommand?>? commands) =>
        [.. (commands ?? []).Select(command => new DeclaredCommand(command?.Name ?? "", command?.Usage ?? "", command?.Hint ?? ""))];
}
