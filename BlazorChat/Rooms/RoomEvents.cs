using System.Text.Json.Serialization;
using BlazorChat.Accounts;
using BlazorChat.Channels.Layer;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Feeds;

namespace BlazorChat.Rooms;

/// <summary>An open room was created, or the settings of any room changed. Pages show it without asking the database.</summary>
/// <param name="Version">Incremented by each change: see <see cref="Room.Version"/>.</param>
[EventName("room.changed")]
public sealed record RoomChanged(int RoomId, string Name, RoomKind Kind, int Version)
{
    /// <summary>Empty for none.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Empty for none.</summary>
    public string Description { get; init; } = "";

    /// <inheritdoc cref="Room.OnlyOwnersMentionRoom"/>
    public bool OnlyOwnersMentionRoom { get; init; }

    /// <summary>Null for a room that is not archived.</summary>
    public DateTime? ArchivedAt { get; init; }

    /// <summary>The room was deleted. Its name and texts are empty then.</summary>
    public bool IsDeleted { get; init; }

    internal static RoomChanged Of(Room room) => new(room.Id, room.Name, room.Kind, room.Version)
    {
        Topic = room.Topic,
        Description = room.Description,
        OnlyOwnersMentionRoom = room.OnlyOwnersMentionRoom,
        ArchivedAt = room.ArchivedAt,
    };

    internal static RoomChanged Deletion(Room room) => new(room.Id, "", room.Kind, room.Version) { IsDeleted = true };
}

/// <summary>An open room became private: lists of people who are not its members remove it.</summary>
/// <param name="Version">The version of that change: a list that has a newer one ignores the event.</param>
[EventName("room.hidden")]
public sealed record RoomHidden(int RoomId, int Version);

/// <summary>The person joined or left a room, perhaps in another tab, or became its owner; or a direct room has its first message.</summary>
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

/// <summary>
/// The person has read a room up to this message, perhaps in another tab or by writing, or has marked messages as unread. Events may arrive in any
/// order: the sequence only rises; of two marks the one with the higher number is newer, and a mark itself only rises until it ends.
/// </summary>
/// <param name="UnreadFrom">The first message that is marked as unread; null when the mark has ended.</param>
/// <param name="Mark">The number of the mark; 0 for none, and when the publisher does not know it.</param>
[EventName("room.read")]
public sealed record RoomRead(int RoomId, long Sequence, long? UnreadFrom = null, int Mark = 0);

/// <summary>The person changed a preference for a room, perhaps in another tab. The event has all of them.</summary>
/// <param name="Level">Null for the default: see <see cref="NotificationSettings.RoomLevel"/>.</param>
/// <param name="HiddenAt">The newest message when the room was hidden; null for a room that is not hidden.</param>
/// <param name="Version">Incremented by each change.</param>
[EventName("room.preferences.changed")]
public sealed record RoomPreferencesChanged(int RoomId, RoomLevel? Level, bool IsFavourite, long? HiddenAt, int Version)
{
    internal static RoomPreferencesChanged Of(Membership membership) => new(
        membership.RoomId, membership.Level, membership.IsFavourite, membership.HiddenAt, membership.PreferencesVersion);
}

/// <summary>Someone is typing in a room.</summary>
[EventName("room.typing")]
public sealed record RoomTyping(int RoomId, int UserId, string Name);

/// <summary>There are new messages in these rooms.</summary>
/// <param name="LastSequences">The newest sequence, by room.</param>
[EventName("rooms.activity")]
public sealed record RoomsActivity(IReadOnlyDictionary<int, long> LastSequences);

/// <summary>There are new replies in these threads, or edited ones that mention somebody whom they did not mention before.</summary>
[EventName("threads.activity")]
public sealed record ThreadsActivity(IReadOnlyList<ThreadReplies> Threads)
{
    /// <summary>The threads that a person who has received it follows, or may follow.</summary>
    /// <param name="isMember">Whether the person is a member of a room. It is asked only where the followers are not named.</param>
    internal IEnumerable<ThreadReplies> Of(int userId, Func<int, bool> isMember) =>
        Threads.Where(thread => thread.Followers is { } followers ? followers.Contains(userId) : isMember(thread.RoomId));
}

/// <summary>A thread with new replies.</summary>
/// <param name="Root">The sequence of its first message.</param>
/// <param name="LastReply">Number of the newest reply of those.</param>
/// <param name="Followers">The people who follow it; null when they are not named.</param>
public sealed record ThreadReplies(int RoomId, long Root, long LastReply, IReadOnlyList<int>? Followers);

/// <summary>The person has read a thread up to a reply, or follows it or no longer does, perhaps in another tab. Events may arrive in any order.</summary>
/// <param name="Root">The sequence of its first message.</param>
/// <param name="Reply">Number of the newest reply that was read. It only rises while one follows the thread. Null when one no longer follows it.</param>
[EventName("thread.read")]
public sealed record ThreadRead(int RoomId, long Root, long? Reply);

/// <summary>A message mentions a person or many members of its room, or no longer does.</summary>
/// <param name="UserId">Null for many members.</param>
/// <param name="First">The first message that does now; null when there is none.</param>
/// <param name="Here">Those of the members who are mentioned; null for all.</param>
[EventName("room.mentions.changed")]
public sealed record MentionsChanged(int RoomId, int? UserId, long? First = null, IReadOnlyList<int>? Here = null)
{
    /// <summary>Whether it is for a member who has received it.</summary>
    public bool IsFor(int userId) => Here is null || Here.Contains(userId);
}

/// <summary>A message was deleted, perhaps one that has called readers.</summary>
[EventName("room.message.deleted")]
public sealed record MessageDeleted(int RoomId, long Sequence);

/// <summary>The person has saved a message, or removed one, perhaps in another tab.</summary>
[EventName("saved.changed")]
public sealed record SavedChanged;

/// <summary>A reminder of the person is due, or was added, changed, or has ended, perhaps in another tab.</summary>
/// <param name="IsDue">Whether it is due now, and calls the person.</param>
[EventName("reminder.changed")]
public sealed record ReminderChanged(long Id, bool IsDue);

/// <summary>A message that the person has scheduled was added, changed, sent or removed, perhaps in another tab.</summary>
[EventName("scheduled.changed")]
public sealed record ScheduledChanged;

/// <summary>A message was reported, or an admin has decided on one.</summary>
[EventName("reports.changed")]
public sealed record ReportsChanged;

/// <summary>A person has written a command to a bot. The rows have what waits.</summary>
[EventName("bot.called")]
public sealed record BotCalled;

[JsonSerializable(typeof(BotCalled))]
[JsonSerializable(typeof(RoomChanged))]
[JsonSerializable(typeof(RoomHidden))]
[JsonSerializable(typeof(MembershipChanged))]
[JsonSerializable(typeof(RoomAccessChanged))]
[JsonSerializable(typeof(MessageChanged))]
[JsonSerializable(typeof(RoomRead))]
[JsonSerializable(typeof(RoomPreferencesChanged))]
[JsonSerializable(typeof(RoomTyping))]
[JsonSerializable(typeof(RoomsActivity))]
[JsonSerializable(typeof(ThreadsActivity))]
[JsonSerializable(typeof(ThreadRead))]
[JsonSerializable(typeof(MentionsChanged))]
[JsonSerializable(typeof(MessageDeleted))]
[JsonSerializable(typeof(SavedChanged))]
[JsonSerializable(typeof(ScheduledChanged))]
[JsonSerializable(typeof(ReportsChanged))]
[JsonSerializable(typeof(ReminderChanged))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class RoomEventsJson : JsonSerializerContext;

/// <summary>The groups that carry the events of rooms.</summary>
internal static class RoomGroups
{
    /// <summary>New and changed open rooms, for all lists of rooms.</summary>
    public const string All = "rooms";

    /// <summary>Changes of the right to read a room, for every node.</summary>
    public const string Access = "rooms.access";

    /// <summary>Rooms with new messages, and deleted messages, for all lists with unread counts.</summary>
    public const string Activity = "rooms.activity";

    /// <summary>Threads with new replies, for all lists and counts of followed threads.</summary>
    public const string Threads = "rooms.threads";

    /// <summary>Mentions of many members of a room, for all lists of mentions and all pages that call their readers.</summary>
    public const string Mentions = "rooms.mentions";

    /// <summary>Changes of the queue of reported messages, for the pages of admins. They have no content.</summary>
    public const string Reports = "rooms.reports";

    public static string Room(int roomId) => $"room.{roomId}";

    public static string Typing(int roomId) => $"room.{roomId}.typing";

    /// <summary>Changes of the settings of one room, for its sockets. A socket may not have lost the right yet, so it checks it.</summary>
    public static string Settings(int roomId) => $"room.{roomId}.settings";

    /// <inheritdoc cref="PersonGroups.Of"/>
    public static string User(int userId) => PersonGroups.Of(userId);

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
