using System.Security.Claims;

namespace BlazorChat.Rooms.Api.Socket;

internal sealed partial class ChatCommands
{
    private const string React = "chat.react";
    private const string Unreact = "chat.unreact";

    private async Task<byte[]> ReactAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        long? sequence = command is { Thread: { } thread, Reply: { } number }
            ? await threads.FindSequenceAsync(roomId, thread, number, cancellationToken)
            : command.Sequence;
        if (command.Emoji is null || sequence is null)
            return Error(command, "missing_field", "A reaction needs the field emoji, and either sequence, or thread and reply.");
        return Accepted(await reactions.SetAsync(person, roomId, sequence.Value, command.Emoji, command.Type == React, cancellationToken));
    }
}
