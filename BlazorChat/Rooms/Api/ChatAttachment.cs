using BlazorChat.Attachments.Serving;
using BlazorChat.Data.Entities;

namespace BlazorChat.Rooms.Api;

/// <summary>A file of a message, for programs.</summary>
/// <param name="Address">Its address from the application's root; it needs the same right as the message.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">Pixels; null for other files.</param>
/// <param name="Height">Pixels; null for other files.</param>
/// <param name="Thumbnails"><see cref="Pending"/>, <see cref="Ready"/> or <see cref="Failed"/>; null for other files.</param>
public sealed record ChatAttachment(
    Guid Id, string Address, string Name, string ContentType, long Size, int? Width, int? Height, string? Thumbnails)
{
    /// <summary>They are being generated; the message changes when they are ready.</summary>
    public const string Pending = "pending";
    public const string Ready = "ready";

    /// <summary>The file cannot be read as a picture.</summary>
    public const string Failed = "failed";

    internal static ChatAttachment From(AttachmentView attachment) => new(
        attachment.Id,
        $"/{attachment.Address}",
        attachment.Name,
        attachment.ContentType,
        attachment.Size,
        attachment.Width == 0 ? null : attachment.Width,
        attachment.Height == 0 ? null : attachment.Height,
        attachment.Thumbnails switch
        {
            ThumbnailState.Pending => Pending,
            ThumbnailState.Ready => Ready,
            ThumbnailState.Failed => Failed,
            _ => null,
        });
}
