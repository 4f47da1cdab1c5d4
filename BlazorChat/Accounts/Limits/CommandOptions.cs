using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Accounts.Limits;

/// <summary>The section <c>Commands</c> of the settings.</summary>
public sealed class CommandOptions
{
    /// <summary>Commands of one person or bot that a node executes within a second. A burst is five times as many.</summary>
    [Range(1, 1_000_000)]
    public int PerSecond { get; set; } = 10;
}
