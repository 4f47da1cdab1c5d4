using System.Text.Json.Serialization;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms;

/// <summary>An open room was created, or any room renamed. Lists show it without asking the database.</summary>
/// <param name="NameVersion">Of two names of a room, the one with the higher number is the newer one.</param>
[EventName("room.changed")]
public sealed record RoomChanged(int RoomId, string Name, RoomKind Kind, int NameVersion)
{
    internal static RoomChanged Of(Room room) => new(room.Id, room.Name, room.Kind, room.NameVersion);
}

/// <summary>The person joined or left a room, perhaps in another tab, or became its owner.</summary>
[EventName("room.membership.changed")]
public sealed record MembershipChanged(int RoomId, int UserId, bool IsMember);

/// <summary>Somebody may read a room no longer: a member has gone, or the room is for members only now.</summary>
[EventName("room.access.changed")]
public sealed record RoomAccessChanged(int RoomId);

/// <summary>A message was created, edited or deleted: the whole of it as it is now.</summary>
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

/// <summary>The person has read a room up to here, perhaps in another tab or by writing in it.</summary>
[EventName("room.read")]
public sealed record RoomRead(int RoomId, long Sequence);

/// <summary>Somebody is typing in a room.</summary>
[EventName("room.typing")]
public sealed record RoomTyping(int RoomId, int UserId, string Name);

/// <summary>There are new messages in these rooms.</summary>
/// <param name="LastSequences">The newest sequence of each room.</param>
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
    /// <summary>What everybody's list of rooms shows.</summary>
    public const string All = "rooms";

    /// <summary>Each node listens here for who may read what.</summary>
    public const string Access = "rooms.access";

    /// <summary>Which rooms have new messages, for every list that counts what is unread.</summary>
    public const string Activity = "rooms.activity";

    public static string Room(int roomId) => $"room.{roomId}";

    public static string Typing(int roomId) => $"room.{roomId}.typing";

    public static string User(int userId) => $"user.{userId}";
}
