using System.ComponentModel;

namespace BlazorChat.Rooms.Messages;

/// <summary>Consecutive messages, and the room's revision up to which they include all changes.</summary>
[ImmutableObject(true)]
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, long Revision);
