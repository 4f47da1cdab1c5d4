using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities.Rooms;

public sealed class Message
{
    /// <summary>In UTF-16 code units, as <c>string.Length</c> and the browser's <c>maxlength</c> count.</summary>
    public const int MaxLength = 8_000;

    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>
    /// The key of the message in its room. A message of the room itself has its position: 1, 2, 3 and so on, in which everybody reads. A reply that
    /// only its thread shows has no position, and the negative of <see cref="FirstRevision"/> as its key. So what counts or reads the messages
    /// of a room above a position has no replies.
    /// </summary>
    public long Sequence { get; init; }

    /// <summary>For a reply, the <see cref="Sequence"/> of the message whose thread it belongs to; null for none.</summary>
    public long? ThreadRoot { get; init; }

    /// <summary>The position in its thread: 1, 2, 3 and so on; null for a message that is no reply.</summary>
    public long? ReplyNumber { get; init; }

    /// <summary>The thread that this message begins; null while it has no replies.</summary>
    public MessageThread? Thread { get; init; }

    /// <summary>Null while it is not pinned.</summary>
    public MessagePin? Pin { get; set; }

    /// <summary>The room's revision at the newest change to this message.</summary>
    public long Revision { get; set; }

    /// <summary>The room's revision at which it was sent; 0 for one that is older than this number and was changed since.</summary>
    public long FirstRevision { get; init; }

    public int AuthorId { get; init; }

    public ChatUser? Author { get; init; }

    /// <summary>Chosen by the sender; a repeated send with the same id is the same message.</summary>
    public Guid ClientMessageId { get; init; }

    public required string Markdown { get; set; }

    /// <summary>The sanitised rendering of <see cref="Markdown"/>, computed when it is written.</summary>
    public required string Html { get; set; }

    /// <summary>
    /// What readers see of the reactions, in lines: the emoji, how many people chose it, and the ids of the first of them with commas; null for none.
    /// It follows from the rows of <see cref="Reaction"/>, and is written with them.
    /// </summary>
    public string? Reactions { get; set; }

    /// <summary>Null for a message that is no poll.</summary>
    public Poll? Poll { get; init; }

    /// <summary>
    /// What readers see of the poll, in lines: the number of voters, the settings, when it ends and when it ended in ticks; then for each option how
    /// many people chose it, the ids of the first of them with commas, and its text. An anonymous poll has no ids. It follows from the rows of
    /// <see cref="Poll"/>, and is written with them.
    /// </summary>
    public string? PollState { get; set; }

    /// <summary>
    /// What readers see of the previews of its links, as JSON; null for none. It follows from the rows of <c>MessageLink</c>, and is written
    /// with them.
    /// </summary>
    public string? Previews { get; set; }

    public IList<Attachment> Attachments { get; init; } = [];

    public DateTime SentAt { get; init; }

    public DateTime? EditedAt { get; set; }

    public DateTime? DeletedAt { get; set; }
}
