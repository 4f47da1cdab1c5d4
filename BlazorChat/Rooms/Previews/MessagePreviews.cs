using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Previews;

/// <summary>
/// Removes previews from messages, and opens their pictures. A removal is a change of its message in the feed of the room, and no edit. A command that
/// changes nothing succeeds, so it can be repeated.
/// </summary>
internal sealed class MessagePreviews(
    IDbContextFactory<ChatDbContext> databases, MessageWriter writer, IAttachmentStore store, AdminRights rights, CommandLimit commands)
{
    private const string PictureType = "image/webp";

    /// <summary>Removes one preview of a message, or all. It does not come back while the message lives, also when edits remove its link and add it again.</summary>
    /// <param name="person">The author, the room's owner or an admin, and a member of the room; in a direct room only the author.</param>
    /// <param name="sequence">The key of the message, also of a reply.</param>
    /// <param name="previewId">Null for all. A message without such a preview stays as it is.</param>
    /// <exception cref="RefusedException">
    /// There is no such message, or it is deleted; this person may not remove its previews; the room is archived; or too many commands.
    /// </exception>
    public async Task<MessageView> RemoveAsync(ClaimsPrincipal person, int roomId, long sequence, Guid? previewId, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var isAdmin = await rights.IsAdminAsync(person, cancellationToken);
        return await writer.ApplyAsync(new PreviewRemoval(roomId, person.UserId, sequence, previewId, isAdmin), cancellationToken);
    }

    /// <summary>Opens the picture of a preview for those who may read a message that has it.</summary>
    /// <returns>Null when this person may read no such message. The caller disposes its content.</returns>
    public async Task<AttachmentFile?> OpenPictureAsync(ClaimsPrincipal reader, Guid previewId, CancellationToken cancellationToken)
    {
        var readerId = reader.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hash = await db.LinkPreviews
            .Where(preview => preview.Id == previewId && preview.PictureHash != null)
            .Where(preview => RoomDirectory.Visible(db, readerId)
                .Any(room => db.MessageLinks.Any(link => link.PreviewId == previewId && link.RoomId == room.Id && !link.IsRemoved)))
            .Select(preview => preview.PictureHash)
            .SingleOrDefaultAsync(cancellationToken);
        return hash is not null && store.OpenRead(hash) is { } content
            ? new AttachmentFile(content, PictureType, "preview.webp", IsShown: true, Convert.ToHexStringLower(hash), IsForEverybody: false)
            : null;
    }
}
