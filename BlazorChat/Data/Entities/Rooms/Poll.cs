using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

/// <summary>What a message asks, whose text is the question. It is removed with the message.</summary>
public sealed class Poll
{
    public const int MinOptions = 2;

    public const int MaxOptions = 10;

    public long MessageId { get; init; }

    public Message? Message { get; init; }

    /// <summary>Whether a person may choose several options.</summary>
    public bool IsMultiple { get; init; }

    /// <summary>Whether nobody learns who chose what.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>UTC, when it ends by itself; null for never.</summary>
    public DateTime? EndsAt { get; init; }

    /// <summary>UTC; null while people can vote.</summary>
    public DateTime? EndedAt { get; set; }

    public IList<PollOption> Options { get; init; } = [];
}

/// <summary>One of the answers of a poll.</summary>
public sealed class PollOption
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxLength = 100;

    public long MessageId { get; init; }

    public Poll? Poll { get; init; }

    /// <summary>From 1, in the order of the poll.</summary>
    public int Number { get; init; }

    public required string Text { get; init; }
}

/// <summary>A person chose an option of a poll.</summary>
public sealed class PollVote
{
    /// <summary>Ascends in the order in which people voted.</summary>
    public long Id { get; init; }

    public long MessageId { get; init; }

    /// <summary>The <see cref="PollOption.Number"/>.</summary>
    public int Number { get; init; }

    public PollOption? Option { get; init; }

    public int UserId { get; init; }

    public ChatUser? User { get; init; }
}
