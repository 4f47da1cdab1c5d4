using System.ComponentModel;

namespace BlazorChat.Rooms.Messages;

/// <summary>Consecutive messages, and the room's revision up to which they include all changes.</summary>
[ImmutableObject(true)]
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, long Revision)
{
    /// <summary>The keys of the pinned messages of the room, perhaps of a later revision; null for a page that was read without them.</summary>
    public IReadOnlyList<long>? Pins { get; init; }
}
