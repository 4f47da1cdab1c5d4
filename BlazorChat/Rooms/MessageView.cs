using System.Linq.Expressions;
using System.Text.Json.Serialization;
using BlazorChat.Attachments.Serving;
using BlazorChat.Data.Entities;

namespace BlazorChat.Rooms;

/// <summary>A message as everybody sees it; immutable, so one instance serves every reader of a node.</summary>
/// <param name="EditedAt">Null while it is as it was sent.</param>
/// <param name="DeletedAt">Null unless it was deleted; then its texts are empty.</param>
/// <param name="FirstRevision">The room's revision at which it was sent; 0 for an old one that was changed since.</param>
/// <param name="AuthorAvatarId">The attachment that is its author's picture; null for none.</param>
/// <param name="Attachments">In their order.</param>
/// <param name="AuthorIsAdmin">Whether its author was an admin when it was read.</param>
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
    DateTime? DeletedAt = null,
    long FirstRevision = 0,
    Guid? AuthorAvatarId = null,
    IReadOnlyList<AttachmentView>? Attachments = null,
    bool AuthorIsAdmin = false)
{
    public IReadOnlyList<AttachmentView> Attachments { get; init; } = Attachments is { Count: > 0 } ? Attachments : [];

    /// <summary>The author's handle when it was read.</summary>
    public string AuthorHandle { get; init; } = "";

    /// <summary>The people that <see cref="Html"/> mentions, with their names when they were read; null for nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MentionView>? Mentions { get; init; }

    /// <summary>Nothing has happened to it since it was sent.</summary>
    [JsonIgnore]
    public bool IsNew => Revision == FirstRevision;

    /// <summary>The author and the people that it mentions.</summary>
    internal IEnumerable<int> PersonIds => Mentions is null ? [AuthorId] : Mentions.Select(mention => mention.PersonId).Prepend(AuthorId);

    /// <summary>The message with its author and the people that it mentions as they are now; the same instance when nothing of that has changed.</summary>
    internal MessageView By(IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var message = people.GetValueOrDefault(AuthorId) is { } author && author != new MessageAuthor(AuthorName, AuthorAvatarId, AuthorIsAdmin, AuthorHandle)
            ? this with { AuthorName = author.Name, AuthorAvatarId = author.AvatarId, AuthorIsAdmin = author.IsAdmin, AuthorHandle = author.Handle }
            : this;
        if (Mentions is null)
            return message;
        var mentions = Mentions.Select(mention => mention.As(people)).ToArray();
        return mentions.SequenceEqual(Mentions) ? message : message with { Mentions = mentions };
    }

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
        message.DeletedAt,
        message.FirstRevision,
        message.Author.AvatarId,
        message.Attachments.AsQueryable().OrderBy(attachment => attachment.Position).Select(AttachmentView.FromAttachment).ToList(),
        message.Author.Roles.Any())
    {
        AuthorHandle = message.Author.Handle,
    };

    internal static MessageView From(Message message, MessageAuthor author) => new(
        message.RoomId,
        message.Sequence,
        message.Revision,
        message.AuthorId,
        author.Name,
        message.ClientMessageId,
        message.Markdown,
        message.Html,
        message.SentAt,
        message.EditedAt,
        message.DeletedAt,
        message.FirstRevision,
        author.AvatarId,
        [.. message.Attachments.OrderBy(attachment => attachment.Position).Select(AttachmentView.From)],
        author.IsAdmin)
    {
        AuthorHandle = author.Handle,
    };
}

/// <summary>Who wrote a message, as readers see them.</summary>
internal sealed record MessageAuthor(string Name, Guid? AvatarId, bool IsAdmin, string Handle);

/// <summary>A person whom a message mentions.</summary>
public sealed record MentionView(int PersonId, string Handle, string Name)
{
    internal MentionView As(IReadOnlyDictionary<int, MessageAuthor> people) =>
        people.GetValueOrDefault(PersonId) is { } person ? new MentionView(PersonId, person.Handle, person.Name) : this;
}
