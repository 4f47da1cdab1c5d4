using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sites;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;
using NetVips;

namespace BlazorChat.Attachments.Logo;

/// <summary>The logo of the site. Admins set and remove it; each command checks the right in the database.</summary>
internal sealed partial class LogoStore(
    IDbContextFactory<ChatDbContext> databases,
    AttachmentUploads uploads,
    AttachmentCleaner cleaner,
    LogoIcons icons,
    SiteReader reader,
    TimeProvider time,
    ILogger<LogoStore> logger)
{
    /// <summary>Bytes.</summary>
    public const long MaxSize = 2 * 1024 * 1024;

    /// <summary>The width and the height, in pixels.</summary>
    public const int MaxPixels = 4096;

    /// <summary>Sets the logo. It is stored without location and camera, and all its icons are made before this returns.</summary>
    /// <param name="size">Bytes, as its sender gave them.</param>
    /// <exception cref="RefusedException">The user is no admin, or it is no picture that can be a logo.</exception>
    public async Task SetAsync(ClaimsPrincipal admin, string fileName, Stream content, long size, CancellationToken cancellationToken)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            await db.CheckAdminAsync(admin, cancellationToken);
        fileName = FileName.Clean(fileName);
        if (size > MaxSize)
            throw TooLarge();

        var id = Guid.NewGuid();
        try
        {
            var file = await uploads.ReceiveAsync(admin, new Upload(id, AttachmentOwner.Logo, 0, fileName), content, cancellationToken);
            if (!file.IsPicture || file.Width > MaxPixels || file.Height > MaxPixels)
                throw Unreadable(fileName);
            await icons.MakeAllAsync(await HashOfAsync(id, cancellationToken), cancellationToken);
            await ReplaceAsync(admin, id, cancellationToken);
        }
        catch (Exception exception)
        {
            await uploads.DiscardAsync(admin, id, CancellationToken.None);
            throw exception switch
            {
                VipsException or RefusedException { Code: RefusalCode.Invalid } => Unreadable(fileName),
                ContentTooLongException => TooLarge(),
                _ => exception,
            };
        }

        LogSet(admin.UserId);
    }

    /// <summary>Removes the logo; the site has that of the product again.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task RemoveAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await ReplaceAsync(admin, null, cancellationToken);
        LogRemoved(admin.UserId);
    }

    /// <summary>The hash of the picture that is the logo; null when another one is.</summary>
    public async Task<byte[]?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Attachments
            .Where(a => a.Id == id && db.SiteSettings.Any(site => site.LogoId == id))
            .Select(a => a.Hash)
            .SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<byte[]> HashOfAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Attachments.Where(a => a.Id == id).Select(a => a.Hash).SingleAsync(cancellationToken);
    }

    private async Task ReplaceAsync(ClaimsPrincipal admin, Guid? id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var hashes = await databases.InTransactionAsync<IReadOnlyList<byte[]>>(
            async (db, token) =>
            {
                await db.CheckAdminAsync(admin, token);
                var changed = await db.SiteSettings.Where(site => site.Id == SiteSettings.OnlyId && (id != null || site.LogoId != null)).ExecuteUpdateAsync(
                    site => site
                        .SetProperty(s => s.LogoId, id)
                        .SetProperty(s => s.UpdatedAt, now)
                        .SetProperty(s => s.Version, s => s.Version + 1),
                    token);
                if (changed == 0)
                    return [];
                var earlier = db.Attachments.Where(a => a.Owner == AttachmentOwner.Logo && a.Id != id);
                var removed = await earlier.Select(a => a.Hash).ToListAsync(token);
                await earlier.ExecuteDeleteAsync(token);
                await db.AuditAsync(admin, id is null ? AuditAction.LogoRemoved : AuditAction.LogoChanged, "", now, token);
                return removed;
            },
            cancellationToken);
        await reader.PublishChangeAsync();
        await cleaner.RemoveUnusedAsync(hashes, CancellationToken.None);
    }

    internal static RefusedException TooLarge() => new(RefusalCode.Invalid, AttachmentTexts.Get("PictureTooLarge", FileSize.Format(MaxSize)));

    private static RefusedException Unreadable(string fileName) => new(RefusalCode.Invalid, AttachmentTexts.Get("LogoInvalid", fileName, MaxPixels));

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has set the logo of the site")]
    private partial void LogSet(int adminId);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has removed the logo of the site")]
    private partial void LogRemoved(int adminId);
}
