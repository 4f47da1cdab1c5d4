using BlazorChat.Rooms.Mentions;

namespace BlazorChat.Rooms.Api;

/// <summary>A message that mentions the caller.</summary>
/// <param name="Id">Newer mentions have higher ids.</param>
/// <param name="IsForRoom">Whether it mentions all members of the room, and not the caller.</param>
public sealed record ChatMention(long Id, string RoomName, bool IsForRoom, ChatMessage Message)
{
    internal static ChatMention From(MentionItem mention) => new(mention.Id, mention.RoomName, mention.IsForRoom, ChatMessage.From(mention.Message));
}
