using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Bots;

/// <summary>A command that people write to a bot: <c>/deploy v2</c>. The names of all bots are different.</summary>
public sealed class BotCommand
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxNameLength = 30;

    /// <inheritdoc cref="MaxNameLength"/>
    public const int MaxUsageLength = 60;

    /// <inheritdoc cref="MaxNameLength"/>
    public const int MaxHintLength = 100;

    /// <summary>Without the slash, in lower case.</summary>
    public required string Name { get; init; }

    public int BotId { get; init; }

    public ChatUser? Bot { get; init; }

    /// <summary>What follows the name; empty for nothing.</summary>
    public required string Usage { get; init; }

    /// <summary>What it does, in a few words.</summary>
    public required string Hint { get; init; }
}
