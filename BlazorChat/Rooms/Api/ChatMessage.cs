using BlazorChat.Rooms.Mentions;
using BlazorChat.Rooms.Pins;

namespace BlazorChat.Rooms.Api;

/// <summary>A message as it is now, for programs: sent to sockets and to the hub when the message is created, updated or deleted.</summary>
/// <param name="Type">
/// <see cref="Created"/>, <see cref="Updated"/> or <see cref="Deleted"/>; for a reply that only its thread shows <see cref="ReplyCreated"/>,
/// <see cref="ReplyUpdated"/> or <see cref="ReplyDeleted"/>.
/// </param>
/// <param name="Sequence">The number of the message in its room, from 1; 0 for a reply that only its thread shows.</param>
/// <param name="Revision">The room's revision at this change, from 1. To continue after this change, follow from this number.</param>
/// <param name="Message">Markdown as it was written; empty when the message is deleted.</param>
/// <param name="Html">Sanitised and safe to show.</param>
/// <param name="SentAt">UTC, like all times here.</param>
/// <param name="EditedAt">Null when the message was not edited.</param>
/// <param name="DeletedAt">Null when the message was not deleted.</param>
/// <param name="Attachments">The files, in order; null when there are none.</param>
/// <param name="AuthorHandle">The name by which the author is mentioned, without the <c>@</c>.</param>
/// <param name="Mentions">The people whom it mentions; null for nobody.</param>
/// <param name="MentionsRoom">True when it mentions all members of the room; else null.</param>
public sealed record ChatMessage(
    string Type,
    int RoomId,
    long Sequence,
    long Revision,
    int AuthorId,
    string AuthorName,
    Guid ClientMessageId,
    string Message,
    string Html,
    DateTime SentAt,
    DateTime? EditedAt,
    DateTime? DeletedAt,
    IReadOnlyList<ChatAttachment>? Attachments,
    string AuthorHandle,
    IReadOnlyList<ChatPerson>? Mentions,
    bool? MentionsRoom)
{
    public const string Created = "chat.message.created";
    public const string Updated = "chat.message.updated";
    public const string Deleted = "chat.message.deleted";

    public const string ReplyCreated = "chat.reply.created";
    public const string ReplyUpdated = "chat.reply.updated";
    public const string ReplyDeleted = "chat.reply.deleted";

    /// <summary>For a reply, the sequence of the message whose thread it belongs to; null for other messages.</summary>
    public long? Thread { get; init; }

    /// <summary>The number of a reply in its thread, from 1; null for other messages.</summary>
    public long? Reply { get; init; }

    /// <summary>
    /// The number of replies to a message when it was read; null for none. A later reply changes it without a change of this message: it is
    /// the highest <see cref="Reply"/>.
    /// </summary>
    public long? Replies { get; init; }

    /// <summary>In the order in which their emoji were first chosen; null for none.</summary>
    public IReadOnlyList<ChatReaction>? Reactions { get; init; }

    /// <summary>What it asks; null for a message that is no poll.</summary>
    public ChatPoll? Poll { get; init; }

    /// <summary>What the pages of its links say of themselves, in the order of the links; null for none. They arrive as a change of the message.</summary>
    public IReadOnlyList<ChatPreview>? Previews { get; init; }

    /// <summary>When it was pinned; null while it is not.</summary>
    public DateTime? PinnedAt { get; init; }

    /// <summary>The id of the person who pinned it; null while it is not pinned.</summary>
    public int? PinnedBy { get; init; }

    internal static IReadOnlyList<ChatMessage> From(IReadOnlyList<PinnedMessage> pinned) => [.. pinned.Select(pin => From(pin.Message))];

    internal static ChatMessage From(MessageView message) => new(
        message switch
        {
            { DeletedAt: not null } => message.IsInRoom ? Deleted : ReplyDeleted,
            { IsNew: true } => message.IsInRoom ? Created : ReplyCreated,
            _ => message.IsInRoom ? Updated : ReplyUpdated,
        },
        message.RoomId,
        Math.Max(0, message.Sequence),
        message.Revision,
        message.AuthorId,
        message.AuthorName,
        message.ClientMessageId,
        message.Markdown,
        MentionHtml.Show(message),
        message.SentAt,
        message.EditedAt,
        message.DeletedAt,
        message.Attachments.Count == 0 ? null : [.. message.Attachments.Select(ChatAttachment.From)],
        message.AuthorHandle,
        message.Mentions?.Select(mention => new ChatPerson(mention.PersonId, mention.Handle, mention.Name)).ToArray(),
        MentionHtml.MentionsEveryone(message.Html) ? true : null)
    {
        Thread = message.ThreadRoot,
        Reply = message.ReplyNumber,
        Replies = message.ThreadRoot is null ? message.Thread?.LastReply : null,
        Reactions = ChatReaction.From(message.Reactions),
        Poll = ChatPoll.From(message.Poll),
        Previews = ChatPreview.From(message.Previews),
        PinnedAt = message.Pin?.PinnedAt,
        PinnedBy = message.Pin?.PersonId,
    };
}

/// <summary>The preview of a link, for programs: texts of another site, without HTML.</summary>
/// <param name="Id">Names it in a command that removes it.</param>
/// <param name="Url">The link, as in the message.</param>
/// <param name="Text">Empty for none.</param>
/// <param name="Site">The name of the site, or its host.</param>
/// <param name="Picture">The address of its picture from the application's root, as WebP; it needs the same right as the message. Null for none.</param>
/// <param name="Width">Pixels of the picture; null for none.</param>
public sealed record ChatPreview(Guid Id, string Url, string Title, string Text, string Site, string? Picture, int? Width, int? Height)
{
    internal static IReadOnlyList<ChatPreview>? From(IReadOnlyList<PreviewView>? previews) => previews?.Select(From).ToArray();

    private static ChatPreview From(PreviewView preview) => preview.PictureAddress is { } picture
        ? new ChatPreview(preview.Id, preview.Url, preview.Title, preview.Text, preview.Site, $"/{picture}", preview.PictureWidth, preview.PictureHeight)
        : new ChatPreview(preview.Id, preview.Url, preview.Title, preview.Text, preview.Site, null, null, null);
}
