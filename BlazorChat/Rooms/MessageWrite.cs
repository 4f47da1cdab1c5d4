namespace BlazorChat.Rooms;

/// <summary>A change to the messages of a room, checked and rendered as far as that needs no database.</summary>
/// <param name="PersonId">Who asks for it.</param>
internal abstract record MessageWrite(int RoomId, int PersonId);

/// <summary>A message to be kept.</summary>
internal sealed record NewMessage(int RoomId, int PersonId, Guid ClientMessageId, string Markdown, string Html)
    : MessageWrite(RoomId, PersonId);

/// <summary>A change to a message that is there.</summary>
internal abstract record MessageRewrite(int RoomId, int PersonId, long Sequence) : MessageWrite(RoomId, PersonId);

internal sealed record MessageEdit(int RoomId, int PersonId, long Sequence, string Markdown, string Html)
    : MessageRewrite(RoomId, PersonId, Sequence);

internal sealed record MessageDeletion(int RoomId, int PersonId, long Sequence, bool IsAdmin)
    : MessageRewrite(RoomId, PersonId, Sequence);
