using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using BlazorChat.Attachments.Serving;
using BlazorChat.Data.Entities.Rooms;

namespace BlazorChat.Rooms;

/// <summary>A message as everybody sees it; immutable, so one instance serves every reader of a node.</summary>
/// <param name="Sequence">The position in the room; for a reply that only its thread shows, a negative key: see <see cref="Message.Sequence"/>.</param>
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

    /// <inheritdoc cref="Message.ThreadRoot"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ThreadRoot { get; init; }

    /// <inheritdoc cref="Message.ReplyNumber"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ReplyNumber { get; init; }

    /// <summary>
    /// The state of the thread that the message begins, or that it belongs to, when it was read; null for none. A later reply changes it
    /// without a change of the first message.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ThreadView? Thread { get; init; }

    /// <summary>The reactions, in the order in which their emoji were first chosen; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ReactionView>? Reactions { get; init; }

    /// <summary>What it asks; null for a message that is no poll.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PollView? Poll { get; init; }

    /// <summary>The previews of its links, in the order of the links; null for none. A link has one when its page was looked up and found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PreviewView>? Previews { get; init; }

    /// <summary>Null while it is not pinned.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PinView? Pin { get; init; }

    /// <summary>The key of the message in its room (<see cref="Message.Sequence"/>), also of a row of its thread.</summary>
    [JsonIgnore]
    public long Key { get => IsThreadRow ? field : Sequence; init; }

    /// <summary>Whether this is a row of its thread: see <see cref="InThread"/>.</summary>
    [JsonIgnore]
    public bool IsThreadRow { get; init; }

    /// <summary>Whether the room shows it. A reply may be shown by its thread only.</summary>
    [JsonIgnore]
    public bool IsInRoom => Sequence > 0;

    /// <summary>The relative address of the message: in its room, or in the thread that alone shows it. Not for a row of a thread.</summary>
    [JsonIgnore]
    public string Address => AddressOf(RoomId, Sequence, ThreadRoot, ReplyNumber);

    /// <summary>
    /// Whether it has <c>@room</c> or <c>@here</c> that notified nobody, since its author may not use them. Only the result of a write has it.
    /// </summary>
    [JsonIgnore]
    public bool RoomIsText { get; init; }

    /// <summary>Nothing has happened to it since it was sent.</summary>
    [JsonIgnore]
    public bool IsNew => Revision == FirstRevision;

    /// <summary>The author, the people that it mentions, and those who replied, reacted or voted.</summary>
    internal IEnumerable<int> PersonIds => Mentions is null && Thread is null && Reactions is null && Poll is null
        ? [AuthorId]
        :
        [
            AuthorId,
            .. Mentions?.Select(mention => mention.PersonId) ?? [],
            .. Thread?.Repliers.Select(replier => replier.PersonId) ?? [],
            .. ReactionView.PeopleOf(Reactions),
            .. Poll?.PersonIds ?? [],
        ];

    /// <summary>The message with its author and the people that it mentions as they are now; the same instance when nothing of that has changed.</summary>
    internal MessageView By(IReadOnlyDictionary<int, MessageAuthor> people)
    {
        var message = people.GetValueOrDefault(AuthorId) is { } author && author != new MessageAuthor(AuthorName, AuthorAvatarId, AuthorIsAdmin, AuthorHandle)
            ? this with { AuthorName = author.Name, AuthorAvatarId = author.AvatarId, AuthorIsAdmin = author.IsAdmin, AuthorHandle = author.Handle }
            : this;
        if (Thread?.With(people) is { } thread && !ReferenceEquals(thread, Thread))
            message = message with { Thread = thread };
        if (Reactions is not null && ReactionView.With(Reactions, people) is var reactions && !ReferenceEquals(reactions, Reactions))
            message = message with { Reactions = reactions };
        if (Poll?.With(people) is { } poll && !ReferenceEquals(poll, Poll))
            message = message with { Poll = poll };
        if (Mentions is null)
            return message;
        var mentions = Mentions.Select(mention => mention.As(people)).ToArray();
        return mentions.SequenceEqual(Mentions) ? message : message with { Mentions = mentions };
    }

    /// <inheritdoc cref="Address"/>
    internal static string AddressOf(int roomId, long sequence, long? threadRoot, long? replyNumber) => sequence > 0
        ? string.Create(CultureInfo.InvariantCulture, $"rooms/{roomId}#m-{sequence}")
        : string.Create(CultureInfo.InvariantCulture, $"rooms/{roomId}/{threadRoot}/{replyNumber}");

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
        ThreadRoot = message.ThreadRoot,
        ReplyNumber = message.ReplyNumber,
        Thread = message.Thread == null ? null : ThreadView.Of(message.Thread.LastReply, message.Thread.LastReplyAt, message.Thread.Repliers),
        Reactions = ReactionView.Parse(message.Reactions),
        Poll = PollView.Show(message.PollState),
        Previews = PreviewView.Parse(message.Previews),
        Pin = message.Pin == null ? null : new PinView(message.Pin.UserId, message.Pin.PinnedAt),
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
        ThreadRoot = message.ThreadRoot,
        ReplyNumber = message.ReplyNumber,
        Thread = message.Thread is null ? null : ThreadView.From(message.Thread),
        Reactions = ReactionView.Parse(message.Reactions),
        Poll = PollView.Show(message.PollState),
        Previews = PreviewView.Parse(message.Previews),
    };

    /// <summary>The message as its thread shows it, where the number of a reply is its position, and the first message has 0.</summary>
    internal MessageView InThread() => this with { Sequence = ReplyNumber ?? 0, Thread = null, IsThreadRow = true, Key = Sequence };

    /// <summary>The message with a state of its thread, unless it has a newer one.</summary>
    internal MessageView With(ThreadView? thread) =>
        ThreadView.Newest(Thread, thread) is var newest && ReferenceEquals(newest, Thread) ? this : this with { Thread = newest };
}

/// <summary>Who wrote a message, as readers see them.</summary>
internal sealed record MessageAuthor(string Name, Guid? AvatarId, bool IsAdmin, string Handle);

/// <summary>A person whom a message mentions.</summary>
public sealed record MentionView(int PersonId, string Handle, string Name)
{
    internal MentionView As(IReadOnlyDictionary<int, MessageAuthor> people) =>
        people.GetValueOrDefault(PersonId) is { } person ? new MentionView(PersonId, person.Handle, person.Name) : this;
}
