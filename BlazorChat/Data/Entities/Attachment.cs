using BlazorChat.Data.Entities.Accounts;

namespace BlazorChat.Data.Entities;

/// <summary>What an attachment belongs to.</summary>
public enum AttachmentOwner
{
    Room = 0,

    Liveblog = 1,

    /// <summary>A person whose picture it is.</summary>
    Person = 2,

    /// <summary>The site, whose custom emoji it is; its id is 0.</summary>
    Site = 3,

    /// <summary>The site, whose logo it is; its id is 0.</summary>
    Logo = 4,
}

/// <summary>The state of the thumbnails of an attachment.</summary>
public enum ThumbnailState
{
    /// <summary>It is not a picture, and is shown as a file.</summary>
    None = 0,

    /// <summary>A worker has not created them yet.</summary>
    Pending = 1,

    Ready = 2,

    /// <summary>It looked like a picture but could not be decoded: it is shown as a file.</summary>
    Failed = 3,
}

/// <summary>
/// An uploaded file. The bytes are stored once under their hash, even when several attachments have the same. An attachment is unsent until a
/// message or a post contains it; until then only people who may write there see it.
/// </summary>
public sealed class Attachment
{
    /// <summary>In UTF-16 code units.</summary>
    public const int MaxNameLength = 200;

    public const int MaxContentTypeLength = 100;

    /// <summary>In UTF-16 code units, as a data URI.</summary>
    public const int MaxPreviewLength = 2_000;

    /// <summary>The length of a SHA-256 in bytes.</summary>
    public const int HashLength = 32;

    /// <summary>Chosen by the uploader; a repeated upload with the same id is the same attachment.</summary>
    public Guid Id { get; init; }

    public AttachmentOwner Owner { get; init; }

    /// <summary>The id of the room, the liveblog or the person.</summary>
    public int OwnerId { get; init; }

    public int UploaderId { get; init; }

    public ChatUser? Uploader { get; init; }

    /// <summary>The message that it was sent with.</summary>
    public long? MessageId { get; set; }

    /// <summary>The post that shows it.</summary>
    public int? PostId { get; set; }

    /// <summary>The position among the attachments of its message, from 0.</summary>
    public int Position { get; set; }

    /// <summary>The file name that its uploader gave: shown, and suggested for downloads; never used as a path.</summary>
    public required string Name { get; init; }

    /// <summary>The media type, determined by its first bytes.</summary>
    public required string ContentType { get; init; }

    /// <summary>The length of the file in bytes.</summary>
    public long Size { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>The width in pixels when shown upright; 0 for what is not a picture.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>A picture of a few pixels as a data URI, shown until the thumbnail is ready; empty for none.</summary>
    public string Preview { get; init; } = "";

    public ThumbnailState Thumbnails { get; set; }

    /// <summary>The number of started tries. A picture that makes workers crash becomes <see cref="ThumbnailState.Failed"/>.</summary>
    public int ThumbnailTries { get; set; }

    /// <summary>When the last counted try started; null before the first one.</summary>
    public DateTime? ThumbnailTriedAt { get; set; }

    public DateTime UploadedAt { get; init; }
}
