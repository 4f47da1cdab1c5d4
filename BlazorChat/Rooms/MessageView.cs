using System.Linq.Expressions;
using BlazorChat.Data;

namespace BlazorChat.Rooms;

/// <summary>A message as everybody sees it; immutable, so one instance serves every reader of a node.</summary>
/// <param name="EditedAt">Null while it is as it was sent.</param>
/// <param name="DeletedAt">Null unless it was deleted; then its texts are empty.</param>
public sealed record MessageView(
    int RoomId,
    long Sequence,
    long Revision,
    int AuthorId,
    string AuthorName,
    Guid ClientMessageId,
    string Markdown,
    string Html,
    DateTime SentAt,
    DateTime? EditedAt = null,
    DateTime? DeletedAt = null)
{
    internal static readonly Expression<Func<Message, MessageView>> FromMessage = message => new MessageView(
        message.RoomId,
        message.Sequence,
        message.Revision,
        message.AuthorId,
        message.Author!.DisplayName,
        message.ClientMessageId,
        message.Markdown,
        message.Html,
        message.SentAt,
        message.EditedAt,
        message.DeletedAt);

    internal static MessageView From(Message message, string authorName) => new(
        message.RoomId,
        message.Sequence,
        message.Revision,
        message.AuthorId,
        authorName,
        message.ClientMessageId,
        message.Markdown,
        message.Html,
        message.SentAt,
        message.EditedAt,
        message.DeletedAt);
}
