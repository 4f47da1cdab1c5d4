using System.Linq.Expressions;
using BlazorChat.Data;

namespace BlazorChat.Rooms;

/// <summary>A message as everybody sees it; immutable, so one instance serves every reader of a node.</summary>
public sealed record MessageView(
    int RoomId,
    long Sequence,
    long Revision,
    int AuthorId,
    string AuthorName,
    Guid ClientMessageId,
    string Markdown,
    string Html,
    DateTime SentAt)
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
        message.SentAt);
}
