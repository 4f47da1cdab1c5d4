namespace BlazorChat.Rooms;

/// <summary>That a message is pinned in its room.</summary>
/// <param name="PersonId">The person who pinned it.</param>
/// <param name="PinnedAt">UTC.</param>
public sealed record PinView(int PersonId, DateTime PinnedAt)
{
    /// <summary>The most pinned messages of a room.</summary>
    public const int MaxPins = 50;
}
