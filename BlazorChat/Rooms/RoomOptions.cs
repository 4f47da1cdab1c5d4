using System.ComponentModel.DataAnnotations;

namespace BlazorChat.Rooms;

/// <summary>The section <c>Rooms</c> of the settings.</summary>
public sealed class RoomOptions
{
    /// <summary>The most rooms of the server, without direct ones.</summary>
    [Range(1, 1_000_000)]
    public int MaxRooms { get; set; } = 10_000;

    /// <summary>The most rooms that one person owns.</summary>
    [Range(1, 100_000)]
    public int MaxOwned { get; set; } = 100;

    /// <summary>The most rooms that one person is a member of, without direct ones; and as many direct ones.</summary>
    [Range(1, 2_000)]
    public int MaxJoined { get; set; } = 1_000;

    /// <summary>
    /// The most members that one person adds to rooms within a day on a node, also at once; and as many direct rooms that they open.
    /// </summary>
    [Range(1, 1_000_000)]
    public int AddsPerDay { get; set; } = 500;
}
