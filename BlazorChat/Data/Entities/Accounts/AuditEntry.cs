namespace BlazorChat.Data.Entities.Accounts;

/// <summary>A command of an admin, or of an owner on a room or on what others wrote, as admins trace it. It is never changed.</summary>
public sealed class AuditEntry
{
    public const int MaxSubjectLength = 200;

    public const int MaxSearchLength = 1000;

    public long Id { get; init; }

    public DateTime At { get; init; }

    /// <summary>The account, which may be deleted since.</summary>
    public int ActorId { get; init; }

    /// <summary>The name of the account at that time.</summary>
    public required string ActorName { get; init; }

    /// <summary>The device of the session, as its owner recognises it; empty for none.</summary>
    public required string Device { get; init; }

    public AuditAction Action { get; init; }

    /// <summary>Whom or what the command changed, by its name at that time; empty for a command on the whole site.</summary>
    public required string Subject { get; init; }

    /// <summary>Both names in the form for searching.</summary>
    public required string SearchText { get; init; }
}

/// <summary>What was done. The numbers are stored.</summary>
public enum AuditAction
{
    AdminGranted = 1,
    AdminRevoked = 2,
    PersonBanned = 3,
    PersonUnbanned = 4,
    PasswordLinkCreated = 5,
    InvitationReset = 6,
    InvitationMailed = 7,
    BotCreated = 8,
    BotKeyCreated = 9,
    BotKeysRevoked = 10,
    BotRemoved = 11,
    JobsRetried = 12,
    JobsRemoved = 13,
    EmojiAdded = 14,
    EmojiDeleted = 15,
    RoomOwnerAssigned = 16,
    RoomArchived = 17,
    RoomUnarchived = 18,
    RoomDeleted = 19,
    LiveblogCreated = 20,
    EditorAdded = 21,
    EditorRemoved = 22,
    OwnerAdded = 23,
    OwnerRemoved = 24,
    RoomOpened = 25,
    RoomMadePrivate = 26,
    SiteChanged = 27,
    LogoChanged = 28,
    LogoRemoved = 29,
    ReportDismissed = 30,
    ReportedMessageRemoved = 31,
}
