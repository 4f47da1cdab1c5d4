using BlazorChat.Rooms.Threads;

namespace BlazorChat.Rooms.Api;

/// <summary>A thread that the caller follows.</summary>
/// <param name="Id">With <paramref name="LastReplyAt"/>, its position in the list.</param>
/// <param name="Unread">The number of replies that the caller has not read.</param>
/// <param name="LastReplyAt">UTC.</param>
/// <param name="Message">The message that the replies belong to.</param>
/// <param name="Newest">The newest reply.</param>
public sealed record ChatThread(long Id, string RoomName, long Unread, DateTime LastReplyAt, ChatMessage Message, ChatMessage Newest)
{
    internal static IReadOnlyList<ChatThread> From(IReadOnlyList<FollowedThread> threads) =>
    [
        .. threads.Select(thread => new ChatThread(
            thread.Id, thread.RoomName, thread.Unread, thread.Newest.Thread!.LastReplyAt, ChatMessage.From(thread.Root), ChatMessage.From(thread.Newest))),
    ];
}
