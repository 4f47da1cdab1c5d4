using BlazorChat.Data.Entities;

namespace BlazorChat.Rooms.Messages.Writing;

/// <summary>A change to the messages of a room, after the checks that need no database.</summary>
internal abstract record MessageWrite(int RoomId);

/// <param name="PersonId">The person whose right is checked.</param>
internal abstract record MemberWrite(int RoomId, int PersonId) : MessageWrite(RoomId);

/// <summary>A message to store.</summary>
/// <param name="Attachments">Ids of its author's uploads, in order.</param>
internal sealed record NewMessage(
    int RoomId, int PersonId, Guid ClientMessageId, string Markdown, string Html, IReadOnlyList<Guid> Attachments)
    : MemberWrite(RoomId, PersonId);

/// <summary>A change to a stored message.</summary>
internal abstract record MessageRewrite(int RoomId, int PersonId, long Sequence) : MemberWrite(RoomId, PersonId);

internal sealed record MessageEdit(int RoomId, int PersonId, long Sequence, string Markdown, string Html)
    : MessageRewrite(RoomId, PersonId, Sequence);

internal sealed record MessageDeletion(int RoomId, int PersonId, long Sequence, bool IsAdmin)
    : MessageRewrite(RoomId, PersonId, Sequence);

/// <summary>The new state of the thumbnails of an attachment, sent or not.</summary>
internal sealed record ThumbnailChange(int RoomId, Guid AttachmentId, ThumbnailState State) : MessageWrite(RoomId);
