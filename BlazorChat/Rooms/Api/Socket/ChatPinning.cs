using System.Security.Claims;
using System.Text.Json;

namespace BlazorChat.Rooms.Api.Socket;

internal sealed partial class ChatCommands
{
    private const string Pin = "chat.pin";
    private const string Unpin = "chat.unpin";
    private const string Pins = "chat.pins";

    private async Task<byte[]> PinAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        if (command.Type == Pins)
        {
            commands.Acquire(person);
            var pinned = ChatMessage.From(await pins.ListAsync(person, roomId, cancellationToken));
            return JsonSerializer.SerializeToUtf8Bytes(new ChatPinList(pinned), ChatFramesJson.Default.ChatPinList);
        }

        long? sequence = command is { Thread: { } thread, Reply: { } number }
            ? await threads.FindSequenceAsync(roomId, thread, number, cancellationToken)
            : command.Sequence;
        return sequence is null
            ? Error(command, "missing_field", "The command needs either sequence, or thread and reply.")
            : Accepted(await pins.SetAsync(person, roomId, sequence.Value, command.Type == Pin, cancellationToken));
    }
}
