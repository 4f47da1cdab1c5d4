using System.Linq.Expressions;
using System.Text.Json.Serialization;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Data.Entities;

namespace BlazorChat.Attachments.Serving;

/// <summary>An attachment as everybody sees it who may; immutable.</summary>
/// <param name="ContentType">What its first bytes say that it is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">Pixels, as it is shown upright; 0 for what is no picture.</param>
/// <param name="Preview">A few pixels of it as a data URI; empty for none.</param>
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

    /// <summary>From the application's root.</summary>
    [JsonIgnore]
    public string Address => $"attachments/{Id}";

    internal static AttachmentView From(Attachment attachment) => Create(attachment);

    /// <summary>Where a thumbnail is, from the application's root.</summary>
    internal string ThumbnailAddress(ThumbnailSize size) => $"attachments/{Id}/{size.Width}";
}
