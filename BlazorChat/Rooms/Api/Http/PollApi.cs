using BlazorChat.Channels;
using BlazorChat.Rooms.Polls;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints for scripts: votes of a bot in polls, and the end of its own polls. See docs/protocol.md.</summary>
internal sealed class PollApi(RoomPolls polls, IOptions<ChannelOptions> options)
{
    public async Task<IResult> GetVoteAsync(HttpContext context, int roomId, long sequence)
    {
        var numbers = await polls.FindVoteAsync(context.User, roomId, sequence, context.RequestAborted);
        return TypedResults.Json(new ChatVote(sequence, numbers), ApiFramesJson.Default.ChatVote);
    }

    public async Task<IResult> VoteAsync(HttpContext context, int roomId, long sequence)
    {
        var vote = await ApiBody.ReadJsonAsync(context.Request, options.Value.MaxMessageLength, ApiFramesJson.Default.ApiVote, context.RequestAborted);
        if (vote.Options is null)
            throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field options is missing.");
        return await AnswerAsync(polls.VoteAsync(context.User, roomId, sequence, vote.Options, context.RequestAborted));
    }

    public Task<IResult> WithdrawAsync(HttpContext context, int roomId, long sequence) =>
        AnswerAsync(polls.VoteAsync(context.User, roomId, sequence, [], context.RequestAborted));

    public Task<IResult> EndAsync(HttpContext context, int roomId, long sequence) =>
        AnswerAsync(polls.EndAsync(context.User, roomId, sequence, context.RequestAborted));

    private static async Task<IResult> AnswerAsync(Task<MessageView> changed) =>
        TypedResults.Json(ChatReceipt.For(await changed), ApiFramesJson.Default.ChatReceipt);
}
