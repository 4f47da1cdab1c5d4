using System.Linq.Expressions;
using System.Text.Json.Serialization;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Serving;

/// <summary>An attachment as its readers see it; immutable.</summary>
/// <param name="ContentType">The type that its first bytes have.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">The width in pixels when shown upright; 0 for what is not a picture.</param>
/// <param name="Preview">A few pixels of it as a data URI, or a <see cref="VoiceMark"/>; empty for none.</param>
public sealed record AttachmentView(
    Guid Id, string Name, string ContentType, long Size, int Width, int Height, string Preview, ThumbnailState Thumbnails)
{
    internal static readonly Expression<Func<Attachment, AttachmentView>> FromAttachment = attachment => new AttachmentView(
        attachment.Id,
        attachment.Name,
        attachment.ContentType,
        attachment.Size,
        attachment.Width,
        attachment.Height,
        attachment.Preview,
        attachment.Thumbnails);

    private static readonly Func<Attachment, AttachmentView> Create = FromAttachment.Compile();

    /// <summary>It has thumbnails, or will have.</summary>
    [JsonIgnore]
    public bool IsPicture => Thumbnails is ThumbnailState.Pending or ThumbnailState.Ready;

    /// <summary>What its browser knew of a voice message; null for any other file.</summary>
    [JsonIgnore]
    public VoiceMark? Voice => VoiceMark.ParseStored(Preview);

    /// <summary>From the application's root.</summary>
    [JsonIgnore]
    public string Address => $"attachments/{Id}";

    internal static AttachmentView From(Attachment attachment) => Create(attachment);

    /// <summary>Where a thumbnail is, from the application's root.</summary>
    internal string ThumbnailAddress(ThumbnailSize size) => $"attachments/{Id}/{size.Width}";
}
