using System.ComponentModel;

namespace BlazorChat.Rooms.Messages;

/// <summary>A run of messages, and the room's revision up to which it was complete.</summary>
[ImmutableObject(true)]
public sealed record MessagePage(IReadOnlyList<MessageView> Messages, long Revision);
