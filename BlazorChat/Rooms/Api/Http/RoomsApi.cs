using System.Globalization;
using BlazorChat.Channels;
using BlazorChat.Rooms.Messages;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Api.Http;

/// <summary>The endpoints with which scripts list rooms and mentions, and mark messages as read and unread. See docs/protocol.md.</summary>
internal sealed class RoomsApi(ChatLists lists, Conversation conversation, IOptions<ChannelOptions> options)
{
    public async Task<IResult> ListAsync(HttpContext context)
    {
        var rooms = await lists.ListRoomsAsync(context.User, context.RequestAborted);
        return TypedResults.Json(rooms, ApiFramesJson.Default.IReadOnlyListChatRoom);
    }

    public async Task<IResult> ListMentionsAsync(HttpContext context)
    {
        var mentions = await lists.ListMentionsAsync(context.User, roomId: null, ReadBefore(context.Request), context.RequestAborted);
        return TypedResults.Json(mentions, ApiFramesJson.Default.IReadOnlyListChatMention);
    }

    public async Task<IResult> MarkReadAsync(HttpContext context, int roomId)
    {
        await conversation.MarkReadAsync(context.User, roomId, await ReadSequenceAsync(context.Request), context.RequestAborted);
        return TypedResults.NoContent();
    }

    public async Task<IResult> MarkUnreadAsync(HttpContext context, int roomId)
    {
        await conversation.MarkUnreadAsync(context.User, roomId, await ReadSequenceAsync(context.Request), context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static long? ReadBefore(HttpRequest request)
    {
        if (!request.Query.TryGetValue("before", out var before))
            return null;
        return long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new ApiRefusedException(StatusCodes.Status400BadRequest, "malformed", "The parameter before is not a number.");
    }

    private async Task<long> ReadSequenceAsync(HttpRequest request)
    {
        var mark = await ApiBody.ReadJsonAsync(
            request, options.Value.MaxMessageLength, ApiFramesJson.Default.ApiReadMark, request.HttpContext.RequestAborted);
        return mark.Sequence ?? throw new ApiRefusedException(StatusCodes.Status400BadRequest, "missing_field", "The field sequence is missing.");
    }
}
