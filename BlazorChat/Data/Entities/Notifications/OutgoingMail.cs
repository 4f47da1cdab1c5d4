namespace BlazorChat.Data.Entities.Notifications;

public enum MailKind
{
    PasswordReset = 0,
    Invitation = 1,
    MissedMessages = 2,
}

/// <summary>A mail that is to be sent. The row is deleted when it was sent or given up.</summary>
public sealed class OutgoingMail
{
    public const int MaxAddressLength = 256;

    public const int MaxSubjectLength = 200;

    /// <summary>Is also in the <c>Message-Id</c> of the mail, so that a repeated one can be recognised.</summary>
    public Guid Id { get; init; }

    public MailKind Kind { get; init; }

    public required string To { get; init; }

    /// <summary>Null for a mail that is written when it is sent, because it has a secret.</summary>
    public string? Subject { get; init; }

    /// <inheritdoc cref="Subject"/>
    public string? Text { get; init; }

    /// <inheritdoc cref="Subject"/>
    public string? Html { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>It is not sent before this time.</summary>
    public DateTime DueAt { get; set; }

    /// <summary>Until this time one node sends it. After it any node may.</summary>
    public DateTime LeasedUntil { get; set; }

    /// <summary>The number of times that a node began to send it.</summary>
    public int Attempts { get; set; }
}
