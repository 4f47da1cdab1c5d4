using System.Security.Claims;
using System.Text.RegularExpressions;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Uploads;
using BlazorChat.Common;
using BlazorChat.Common.Emoji;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Attachments.Emoji;

/// <summary>A custom emoji, as everybody who is signed in sees it.</summary>
/// <param name="Name">Without colons.</param>
/// <param name="Address">Of its picture, relative to the root of the site.</param>
internal sealed record CustomEmojiView(string Name, string Address)
{
    internal static CustomEmojiView Of(CustomEmoji emoji) => new(emoji.Name, $"emoji/{emoji.Id}");
}

/// <summary>
/// The custom emoji of the site. Admins add and delete them; each command checks the right in the database. Texts have their names, so that a deleted
/// one is its name again.
/// </summary>
internal sealed partial class CustomEmojiStore(
    IDbContextFactory<ChatDbContext> databases, AttachmentUploads uploads, AttachmentCleaner cleaner, TimeProvider time, ILogger<CustomEmojiStore> logger)
{
    /// <summary>Bytes.</summary>
    public const long MaxSize = 256 * 1024;

    /// <summary>The width and the height of a picture, in pixels.</summary>
    public const int MaxPixels = 1024;

    /// <summary>The most custom emoji of a site.</summary>
    public const int MaxEmoji = 500;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<CustomEmojiView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var emoji = await db.CustomEmoji.AsNoTracking().OrderBy(known => known.Name).Take(MaxEmoji).ToListAsync(cancellationToken);
        return [.. emoji.Select(CustomEmojiView.Of)];
    }

    /// <summary>Whether there is one with this name, which has no colons.</summary>
    public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.CustomEmoji.AnyAsync(known => known.Name == name, cancellationToken);
    }

    /// <summary>The name in <c>:name:</c>; null for another text.</summary>
    public static string? NameIn(string text) => text is [':', .. var name, ':'] && Names().IsMatch(name) ? name : null;

    /// <summary>Adds an emoji. Its picture is stored without location and camera before this returns.</summary>
    /// <param name="name">Without colons.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="RefusedException">
    /// The user is no admin; the name is invalid, one of Unicode's short names or taken; the picture is no PNG, GIF or WebP or too large; or there are too
    /// many emoji.
    /// </exception>
    public async Task AddAsync(ClaimsPrincipal admin, string name, string fileName, Stream content, long size, CancellationToken cancellationToken)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            await db.CheckAdminAsync(admin, cancellationToken);
            Check(name, size);
            await CheckStoredAsync(db, name, cancellationToken);
        }

        var id = Guid.NewGuid();
        var file = await uploads.ReceiveAsync(admin, new Upload(id, AttachmentOwner.Site, 0, fileName), content, cancellationToken);
        try
        {
            if (!file.IsPicture || file.ContentType is not (FileType.Png or FileType.Gif or FileType.WebP) || file.Width > MaxPixels || file.Height > MaxPixels)
                throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("EmojiPictureInvalid", MaxPixels));
            await AddRowAsync(admin, new CustomEmoji { Id = id, Name = name, CreatedById = admin.UserId, CreatedAt = time.GetUtcNow().UtcDateTime }, cancellationToken);
        }
        catch (Exception)
        {
            await uploads.DiscardAsync(admin, id, CancellationToken.None);
            throw;
        }

        LogAdded(admin.UserId, name);
    }

    /// <summary>Deletes an emoji; one that does not exist stays deleted.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task RemoveAsync(ClaimsPrincipal admin, string name, CancellationToken cancellationToken)
    {
        var hashes = await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.CheckAdminAsync(admin, token);
                var ids = await db.CustomEmoji.Where(emoji => emoji.Name == name).Select(emoji => emoji.Id).ToListAsync(token);
                await db.CustomEmoji.Where(emoji => ids.Contains(emoji.Id)).ExecuteDeleteAsync(token);
                var pictures = db.Attachments.Where(a => ids.Contains(a.Id));
                var removed = await pictures.Select(a => a.Hash).ToListAsync(token);
                await pictures.ExecuteDeleteAsync(token);
                if (ids.Count > 0)
                    await db.AuditAsync(admin, AuditAction.EmojiDeleted, name, time.GetUtcNow().UtcDateTime, token);
                return removed;
            },
            cancellationToken);
        await cleaner.RemoveUnusedAsync(hashes, CancellationToken.None);
        if (hashes.Count > 0)
            LogRemoved(admin.UserId, name);
    }

    private static void Check(string name, long size)
    {
        if (!Names().IsMatch(name))
            throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("EmojiNameInvalid", CustomEmoji.MaxNameLength));
        if (EmojiList.FindByShortName(name) is { } emoji)
            throw new RefusedException(RefusalCode.Conflict, AttachmentTexts.Get("EmojiNameOfUnicode", name, emoji));
        if (size > MaxSize)
            throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("PictureTooLarge", FileSize.Format(MaxSize)));
    }

    private static async Task CheckStoredAsync(ChatDbContext db, string name, CancellationToken cancellationToken)
    {
        if (await db.CustomEmoji.AnyAsync(emoji => emoji.Name == name, cancellationToken))
            throw Taken(name);
        if (await db.CustomEmoji.CountAsync(cancellationToken) >= MaxEmoji)
            throw new RefusedException(RefusalCode.Conflict, AttachmentTexts.Get("TooManyEmoji", MaxEmoji));
    }

    private async Task AddRowAsync(ClaimsPrincipal admin, CustomEmoji emoji, CancellationToken cancellationToken)
    {
        try
        {
            await databases.InTransactionAsync(
                async (db, token) =>
                {
                    await CheckStoredAsync(db, emoji.Name, token);
                    db.Add(emoji);
                    await db.AuditAsync(admin, AuditAction.EmojiAdded, emoji.Name, emoji.CreatedAt, token);
                    return true;
                },
                cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another admin may have added one with this name meanwhile.
            if (await ExistsAsync(emoji.Name, cancellationToken))
                throw Taken(emoji.Name);
            throw;
        }
    }

    private static RefusedException Taken(string name) => new(RefusalCode.Conflict, AttachmentTexts.Get("EmojiNameTaken", name));

    [GeneratedRegex(@"^[a-z0-9_+\-]{2,32}\z")]
    private static partial Regex Names();

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has added the emoji {Name}")]
    private partial void LogAdded(int adminId, string name);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has deleted the emoji {Name}")]
    private partial void LogRemoved(int adminId, string name);
}
