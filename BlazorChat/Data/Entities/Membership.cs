namespace BlazorChat.Data.Entities;

public enum MembershipRole
{
    Member = 0,
    Owner = 1,
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

    public DateTime JoinedAt { get; init; }
}
