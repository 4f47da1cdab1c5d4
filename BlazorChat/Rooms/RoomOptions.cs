using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Rooms;

/// <summary>The section <c>Rooms</c> of the settings.</summary>
public sealed class RoomOptions
{
    /// <summary>Commands that one person or bot may send through programs on a node within a second; five times as many at once.</summary>
    [Range(1, 1_000_000)]
    public int CommandsPerSecond { get; set; } = 10;
}
