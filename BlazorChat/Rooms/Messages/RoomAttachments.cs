using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Messages.Writing;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Rooms.Messages;

/// <summary>Rights to the attachments of messages: members upload them, and people who may read the room read them.</summary>
internal sealed class RoomAttachments(RoomDirectory rooms, MessageWriter writer, IDbContextFactory<ChatDbContext> databases) : IAttachmentOwner
{
    public AttachmentOwner Kind => AttachmentOwner.Room;

    public async Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken)
    {
        if (!reader.IsSignedIn)
            return AttachmentAudience.Others;
        if (attachment.MessageId is null)
            return attachment.UploaderId == reader.UserId ? AttachmentAudience.Person : AttachmentAudience.Others;
        return await rooms.FindAsync(reader, attachment.OwnerId, cancellationToken) is not null || await IsReportedAsync(reader, attachment.MessageId, cancellationToken)
            ? AttachmentAudience.Person
            : AttachmentAudience.Others;
    }

    /// <summary>Whether the reader is an admin who has to decide on the message.</summary>
    private async Task<bool> IsReportedAsync(ClaimsPrincipal reader, long? messageId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.MessageReports.AnyAsync(report => report.MessageId == messageId && report.ResolvedAt == null, cancellationToken)
            && await db.IsAdminAsync(reader, cancellationToken);
    }

    public async Task CheckUploaderAsync(ClaimsPrincipal person, int ownerId, CancellationToken cancellationToken)
    {
        var room = await rooms.FindAsync(person, ownerId, cancellationToken);
        if (room is not { IsMember: true })
            throw RoomDirectory.NotMember(room?.Kind);
        if (room.IsArchived)
            throw RoomDirectory.Archived();
    }

    public Task SetThumbnailsAsync(int ownerId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken) =>
        writer.ApplyAsync(new ThumbnailChange(ownerId, attachmentId, state), cancellationToken);

    /// <summary>Those of scheduled messages. Drafts of messages are in browsers, so the server does not know which files they want.</summary>
    public async Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ScheduledFiles.Where(file => unsent.Contains(file.AttachmentId)).Select(file => file.AttachmentId).ToListAsync(cancellationToken);
    }
}
