using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms;

/// <summary>An open room was created, or any room renamed. Lists show it without asking the database.</summary>
/// <param name="NameVersion">Incremented by each new name.</param>
[EventName("room.changed")]
public sealed record RoomChanged(int RoomId, string Name, RoomKind Kind, int NameVersion)
{
    internal static RoomChanged Of(Room room) => new(room.Id, room.Name, room.Kind, room.NameVersion);
}

/// <summary>The person joined or left a room, perhaps in another tab, or became its owner.</summary>
[EventName("room.membership.changed")]
public sealed record MembershipChanged(int RoomId, int UserId, bool IsMember);

/// <summary>Someone lost access to a room, as by leaving it.</summary>
[EventName("room.access.changed")]
public sealed record RoomAccessChanged(int RoomId);

/// <summary>A message was created, edited or deleted. The event has the whole message.</summary>
[EventName("room.message.changed")]
public sealed record MessageChanged(MessageView Message) : IFeedChange
{
    [JsonIgnore]
    public int FeedId => Message.RoomId;

    [JsonIgnore]
    public long Revision => Message.Revision;

    [JsonIgnore]
    public long? ItemId => Message.Sequence;
}

/// <summary>The person has read a room up to this message, perhaps in another tab or by writing.</summary>
[EventName("room.read")]
public sealed record RoomRead(int RoomId, long Sequence);

/// <summary>Someone is typing in a room.</summary>
[EventName("room.typing")]
public sealed record RoomTyping(int RoomId, int UserId, string Name);

/// <summary>There are new messages in these rooms.</summary>
/// <param name="LastSequences">The newest sequence, by room.</param>
[EventName("rooms.activity")]
public sealed record RoomsActivity(IReadOnlyDictionary<int, long> LastSequences);

[JsonSerializable(typeof(RoomChanged))]
[JsonSerializable(typeof(MembershipChanged))]
[JsonSerializable(typeof(RoomAccessChanged))]
[JsonSerializable(typeof(MessageChanged))]
[JsonSerializable(typeof(RoomRead))]
[JsonSerializable(typeof(RoomTyping))]
[JsonSerializable(typeof(RoomsActivity))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class RoomEventsJson : JsonSerializerContext;

/// <summary>The groups that carry the events of rooms.</summary>
internal static class RoomGroups
{
    /// <summary>New and renamed open rooms, for all lists of rooms.</summary>
    public const string All = "rooms";

    /// <summary>Changes of the right to read a room, for every node.</summary>
    public const string Access = "rooms.access";

    /// <summary>Rooms with new messages, for all lists with unread counts.</summary>
    public const string Activity = "rooms.activity";

    public static string Room(int roomId) => $"room.{roomId}";

    public static string Typing(int roomId) => $"room.{roomId}.typing";

    public static string User(int userId) => $"user.{userId}";

    /// <summary>
    /// Publishes that a person joined or left a room. It is called after the commit, so it cannot be cancelled. After a departure every node
    /// checks who may still follow the room.
    /// </summary>
    public static async Task PublishMembershipAsync(this IChannelLayer layer, int roomId, int userId, bool isMember)
    {
        if (!isMember)
            await layer.PublishAsync(Access, new RoomAccessChanged(roomId), CancellationToken.None);
        await layer.PublishAsync(User(userId), new MembershipChanged(roomId, userId, isMember), CancellationToken.None);
    }
}
