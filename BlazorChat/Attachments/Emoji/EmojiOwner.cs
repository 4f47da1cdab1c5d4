using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Emoji;

/// <summary>The pictures of custom emoji: admins add them, and everybody who is signed in sees them.</summary>
internal sealed class EmojiOwner(IDbContextFactory<ChatDbContext> databases) : IAttachmentOwner
{
    public AttachmentOwner Kind => AttachmentOwner.Site;

    public long MaxSize => CustomEmojiStore.MaxSize;

    public Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken) =>
        Task.FromResult(reader.IsSignedIn ? AttachmentAudience.Person : AttachmentAudience.Others);

    public async Task CheckUploaderAsync(ClaimsPrincipal person, int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(person, cancellationToken);
    }

    public async Task SetThumbnailsAsync(int ownerId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Attachments
            .Where(a => a.Id == attachmentId && a.Owner == AttachmentOwner.Site && a.Thumbnails == ThumbnailState.Pending)
            .ExecuteUpdateAsync(attachment => attachment.SetProperty(a => a.Thumbnails, state), cancellationToken);
    }

    public async Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CustomEmoji.Where(emoji => unsent.Contains(emoji.Id)).Select(emoji => emoji.Id).ToListAsync(cancellationToken);
    }
}
