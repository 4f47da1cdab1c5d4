using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Data.Entities.Bots;

/// <summary>A command that a person has written to a bot, and that the bot has not acknowledged yet.</summary>
public sealed class BotCall
{
    /// <summary>Ascends in the order in which commands were written.</summary>
    public long Id { get; init; }

    public int BotId { get; init; }

    public ChatUser? Bot { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The person who wrote it.</summary>
    public int UserId { get; init; }

    public ChatUser? User { get; init; }

    /// <summary>Chosen by the page; a repeated command with the same id is the same call.</summary>
    public Guid ClientCallId { get; init; }

    public required string Name { get; init; }

    /// <summary>What follows the name; empty for nothing.</summary>
    public required string Text { get; init; }

    /// <summary>UTC.</summary>
    public DateTime CalledAt { get; init; }
}
