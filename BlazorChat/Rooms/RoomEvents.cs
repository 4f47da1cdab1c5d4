using System.Text.Json.Serialization;
using BlazorChat.Channels;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms;

/// <summary>An open room was created, or any room renamed.</summary>
[EventName("room.changed")]
public sealed record RoomChanged(int RoomId, string Name);

/// <summary>The person joined or left a room, perhaps in another tab.</summary>
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
}

[JsonSerializable(typeof(RoomChanged))]
[JsonSerializable(typeof(MembershipChanged))]
[JsonSerializable(typeof(RoomAccessChanged))]
[JsonSerializable(typeof(MessageChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class RoomEventsJson : JsonSerializerContext;

/// <summary>The groups that carry the events of rooms.</summary>
internal static class RoomGroups
{
    /// <summary>What everybody's list of rooms shows.</summary>
    public const string All = "rooms";

    /// <summary>Each node listens here for who may read what.</summary>
    public const string Access = "rooms.access";

    public static string Room(int roomId) => $"room.{roomId}";

    public static string User(int userId) => $"user.{userId}";
}
