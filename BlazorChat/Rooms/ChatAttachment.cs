using BlazorChat.Attachments;

namespace BlazorChat.Rooms;

/// <summary>A file of a message, as programs are told of it.</summary>
/// <param name="Address">Where it is, from the application's root; it is read with the same right as the message.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Width">Pixels; null for what is no picture.</param>
/// <param name="Height">Pixels; null for what is no picture.</param>
public sealed record ChatAttachment(Guid Id, string Address, string Name, string ContentType, long Size, int? Width, int? Height)
{
    internal static ChatAttachment From(AttachmentView attachment) => new(
        attachment.Id,
        $"/{attachment.Address}",
        attachment.Name,
        attachment.ContentType,
        attachment.Size,
        attachment.Width == 0 ? null : attachment.Width,
        attachment.Height == 0 ? null : attachment.Height);
}
