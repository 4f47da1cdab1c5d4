namespace BlazorChat.Data.Entities;

/// <summary>What kind of place an attachment belongs to.</summary>
public enum AttachmentPlace
{
    Room = 0,

    Liveblog = 1,

    /// <summary>A person, whose picture it is.</summary>
    Person = 2,
}

public enum ThumbnailState
{
    /// <summary>It is no picture, and is shown as a file.</summary>
    None = 0,

    /// <summary>A worker has still to make them.</summary>
    Pending = 1,

    Ready = 2,

    /// <summary>It looked like a picture, and could not be read as one: it is shown as a file.</summary>
    Failed = 3,
}

/// <summary>
/// A file that somebody uploaded. Its bytes are kept once under their hash, however many attachments have the same; it is unsent
/// until a message or a post takes it, and only who may write there sees it until then.
/// </summary>
public sealed class Attachment
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxNameLength = 200;

    public const int MaxContentTypeLength = 100;

    /// <summary>In UTF-16 code units, as a data URI.</summary>
    public const int MaxPreviewLength = 2_000;

    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashLength = 32;

    /// <summary>Chosen by whoever uploads it; a repeated upload with the same id is the same attachment.</summary>
    public Guid Id { get; init; }

    public AttachmentPlace Place { get; init; }

    /// <summary>The room, the liveblog or the person.</summary>
    public int PlaceId { get; init; }

    public int UploaderId { get; init; }

    public ChatUser? Uploader { get; init; }

    /// <summary>The message that it was sent with.</summary>
    public long? MessageId { get; set; }

    /// <summary>The post that shows it.</summary>
    public int? PostId { get; set; }

    /// <summary>Its place among the attachments of its message, from 0.</summary>
    public int Position { get; set; }

    /// <summary>What its uploader called it: shown and offered when it is saved, never a path.</summary>
    public required string Name { get; init; }

    /// <summary>What its first bytes say that it is.</summary>
    public required string ContentType { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>Pixels, as it is shown upright; 0 for what is no picture.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>A picture of a few pixels as a data URI, to be seen until the thumbnail is there; empty for none.</summary>
    public string Preview { get; init; } = "";

    public ThumbnailState Thumbnails { get; set; }

    /// <summary>How often a worker has begun to make them: a picture on which workers die is given up.</summary>
    public int ThumbnailTries { get; set; }

    /// <summary>When the last try that counts began; null before the first one.</summary>
    public DateTime? ThumbnailTriedAt { get; set; }

    public DateTime UploadedAt { get; init; }
}
