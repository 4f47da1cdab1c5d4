using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Rooms;

/// <summary>The section <c>Rooms</c> of the settings.</summary>
public sealed class RoomOptions
{
    /// <summary>Rooms that there may be in all.</summary>
    [Range(1, 1_000_000)]
    public int MaxRooms { get; set; } = 10_000;

    /// <summary>Rooms that one person may own.</summary>
    [Range(1, 100_000)]
    public int MaxOwned { get; set; } = 100;

    /// <summary>Rooms that one person may be a member of.</summary>
    [Range(1, 2_000)]
    public int MaxJoined { get; set; } = 1_000;

    /// <summary>Members that one person may add to rooms within a day on a node; as many at once.</summary>
    [Range(1, 1_000_000)]
    public int AddsPerDay { get; set; } = 500;
}
