namespace BlazorChat.Data.Entities;

public sealed class Message
{
    /// <summary>In UTF-16 code units, as <c>string.Length</c> and the browser's <c>maxlength</c> count.</summary>
    public const int MaxLength = 8_000;

    public long Id { get; init; }

    public int RoomId { get; init; }

    public Room? Room { get; init; }

    /// <summary>The position in the room: 1, 2, 3 and so on. Everybody reads in this order.</summary>
    public long Sequence { get; init; }

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

    public IList<Attachment> Attachments { get; init; } = [];

    public DateTime SentAt { get; init; }

    public DateTime? EditedAt { get; set; }

    public DateTime? DeletedAt { get; set; }
}
