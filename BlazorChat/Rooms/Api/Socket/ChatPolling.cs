using System.Security.Claims;
using System.Text.Json;

namespace BlazorChat.Rooms.Api.Socket;

/// <summary>What the peer chose in a poll.</summary>
internal sealed record ChatVoteFrame(long Sequence, IReadOnlyList<int> Options)
{
    public string Type { get; } = "chat.vote.read";
}

internal sealed partial class ChatCommands
{
    private const string Vote = "chat.vote";
    private const string ReadVote = "chat.vote.read";
    private const string EndPoll = "chat.poll.end";

    private async Task<byte[]> SendPollAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        var id = command.ClientMessageId ?? Guid.NewGuid();
        var draft = command.Poll!.ToDraft(command is { Thread: not null } or { Attachments.Count: > 0 });
        return Accepted(await polls.SendAsync(person, roomId, id, command.Message!, draft, cancellationToken), id);
    }

    private async Task<byte[]> VoteAsync(ClaimsPrincipal person, int roomId, ChatCommand command, CancellationToken cancellationToken)
    {
        if (command.Sequence is not { } sequence)
            return Error(command, "missing_field", "The field sequence is missing.");
        if (command.Type == EndPoll)
            return Accepted(await polls.EndAsync(person, roomId, sequence, cancellationToken));
        if (command.Type == ReadVote)
        {
            var numbers = await polls.FindVoteAsync(person, roomId, sequence, cancellationToken);
            return JsonSerializer.SerializeToUtf8Bytes(new ChatVoteFrame(sequence, numbers), ChatFramesJson.Default.ChatVoteFrame);
        }

        return command.Options is { } options
            ? Accepted(await polls.VoteAsync(person, roomId, sequence, options, cancellationToken))
            : Error(command, "missing_field", "The field options is missing.");
    }
}
