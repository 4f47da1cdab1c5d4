using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Logo;

/// <summary>The logo of the site: admins set it, and everybody sees it, also who is not signed in.</summary>
internal sealed class LogoOwner(IDbContextFactory<ChatDbContext> databases) : IAttachmentOwner
{
    public AttachmentOwner Kind => AttachmentOwner.Logo;

    public long MaxSize => LogoStore.MaxSize;

    public async Task<AttachmentAudience> FindAudienceAsync(ClaimsPrincipal reader, Attachment attachment, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SiteSettings.AnyAsync(site => site.LogoId == attachment.Id, cancellationToken) ? AttachmentAudience.Everybody : AttachmentAudience.Others;
    }

    public async Task CheckUploaderAsync(ClaimsPrincipal person, int ownerId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CheckAdminAsync(person, cancellationToken);
    }

    public async Task SetThumbnailsAsync(int ownerId, Guid attachmentId, ThumbnailState state, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Attachments
            .Where(a => a.Id == attachmentId && a.Owner == AttachmentOwner.Logo && a.Thumbnails == ThumbnailState.Pending)
            .ExecuteUpdateAsync(attachment => attachment.SetProperty(a => a.Thumbnails, state), cancellationToken);
    }

    public async Task<IReadOnlyCollection<Guid>> FindWantedAsync(IReadOnlyCollection<Guid> unsent, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SiteSettings
            .Where(site => site.LogoId != null && unsent.Contains(site.LogoId.Value))
            .Select(site => site.LogoId!.Value)
            .ToListAsync(cancellationToken);
    }
}
