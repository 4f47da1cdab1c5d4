using System.Security.Claims;

namespace BlazorChat.Rooms.Api.Socket;

internal sealed partial class ChatCommands
{
    private const string RemovePreview = "chat.preview.remove";

    private async Task<byte[]> RemovePreviewAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        long? sequence = command is { Thread: { } thread, Reply: { } number }
            ? await threads.FindSequenceAsync(roomId, thread, number, cancellationToken)
            : command.Sequence;
        return sequence is null
            ? Error(command, "missing_field", "The command needs either sequence, or thread and reply.")
            : Accepted(await previews.RemoveAsync(person, roomId, sequence.Value, command.Preview, cancellationToken));
    }
}
