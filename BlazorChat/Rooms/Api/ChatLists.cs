using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Common;
using BlazorChat.Rooms.Direct;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Mentions;

namespace BlazorChat.Rooms.Api;

/// <summary>Lists rooms and mentions for programs. Each call counts against <see cref="CommandLimit"/>.</summary>
internal sealed class ChatLists(
    RoomDirectory rooms, DirectRooms directRooms, MentionCounts counts, MentionDirectory mentions, CommandLimit commands)
{
    /// <summary>The rooms that the caller is a member of and that are not archived, by name; direct rooms from their first message on.</summary>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task<IReadOnlyList<ChatRoom>> ListRoomsAsync(ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        commands.Acquire(caller);
        var joined = await rooms.ListDescribedAsync(caller, cancellationToken);
        var mentioned = await counts.ReadAsync(caller, cancellationToken);
        var people = await directRooms.ListPeopleAsync(caller, roomId: null, cancellationToken);
        return [.. joined.Select(room => ChatRoom.From(room, mentioned.GetValueOrDefault(room.Id), people[room.Id].Select(ToChatPerson)))];
    }

    /// <summary>One room as the caller sees it; a person who is not a member of an open room has nothing unread in it.</summary>
    /// <exception cref="RefusedException">There is no room that the caller may see, or too many commands.</exception>
    public async Task<ChatRoom> GetRoomAsync(ClaimsPrincipal caller, int roomId, CancellationToken cancellationToken)
    {
        commands.Acquire(caller);
        var room = await rooms.GetAsync(caller, roomId, cancellationToken);
        var mentioned = await counts.ReadAsync(caller, cancellationToken);
        var people = await directRooms.ListPeopleAsync(caller, roomId, cancellationToken);
        return ChatRoom.From(room, mentioned.GetValueOrDefault(roomId), people[roomId].Select(ToChatPerson));
    }

    /// <summary>The messages that mention the caller, newest first, from rooms that the caller may read now; at most 50.</summary>
    /// <param name="roomId">The only room to list from; null for all.</param>
    /// <param name="before">The <see cref="ChatMention.Id"/> of the last one of the previous page; null for the first page.</param>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task<IReadOnlyList<ChatMention>> ListMentionsAsync(
        ClaimsPrincipal caller, int? roomId, long? before, CancellationToken cancellationToken)
    {
        commands.Acquire(caller);
        var page = await mentions.ListAsync(caller, roomId, before, cancellationToken);
        return [.. page.Select(ChatMention.From)];
    }

    private static ChatPerson ToChatPerson(PersonHandle person) => new(person.Id, person.Handle, person.Name);
}
