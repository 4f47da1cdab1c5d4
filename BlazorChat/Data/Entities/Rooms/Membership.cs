using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Notifications;

namespace BlazorChat.Data.Entities.Rooms;

public enum MembershipRole
{
    Member = 0,
    Owner = 1,
}

/// <summary>The messages of a room that call a member.</summary>
public enum RoomLevel
{
    Everything = 0,

    /// <summary>Messages that mention the member.</summary>
    Mentions = 1,

    /// <summary>None. The room is muted: its unread messages aren't counted.</summary>
    Nothing = 2,
}

public sealed class Membership
{
    public int RoomId { get; init; }

    public Room? Room { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    public MembershipRole Role { get; set; }

    /// <summary>The sequence of the newest message that this member has read.</summary>
    public long LastReadSequence { get; set; }

    /// <summary>
    /// The sequence of the message that this member marked as unread, together with all after it; null without such a mark. Reading on raises it.
    /// </summary>
    public long? UnreadFrom { get; set; }

    /// <summary>The number of times that this member marked messages as unread. It identifies the newest mark.</summary>
    public int UnreadMarks { get; set; }

    /// <summary>Chosen by the member; null for the default: <see cref="NotificationSettings.RoomLevel"/>, and everything in a direct room.</summary>
    public RoomLevel? Level { get; set; }

    public bool IsFavourite { get; set; }

    /// <summary>The sequence of the room's newest message when the member hid the room in the drawer; null for a room that isn't hidden.</summary>
    public long? HiddenAt { get; set; }

    /// <summary>The number of changes to the level, the favourite and the hiding. Of two published ones, the one with the higher number is newer.</summary>
    public int PreferencesVersion { get; set; }

    public DateTime JoinedAt { get; init; }
}
