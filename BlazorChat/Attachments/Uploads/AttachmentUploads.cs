using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Attachments.Files;
using BlazorChat.Attachments.Metadata;
using BlazorChat.Attachments.Rights;
using BlazorChat.Attachments.Serving;
using BlazorChat.Attachments.Storage;
using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Common;
using BlazorChat.Common.Sites;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Attachments.Uploads;

/// <summary>An upload: its owner, its id, and its name.</summary>
/// <param name="Id">Chosen by the uploader.</param>
/// <param name="Length">The length in bytes that the uploader gave; 0 for none.</param>
internal sealed record Upload(Guid Id, AttachmentOwner Owner, int OwnerId, string Name, long Length = 0)
{
    /// <summary>For a voice message that a browser has recorded, what it knows of it.</summary>
    public VoiceMark? Voice { get; init; }
}

/// <summary>Receives files. Every call checks the rights of its caller.</summary>
internal sealed class AttachmentUploads(
    IDbContextFactory<ChatDbContext> databases,
    IAttachmentStore store,
    AttachmentOwners owners,
    FileCleaner fileCleaner,
    UploadQuota quota,
    AttachmentCleaner cleaner,
    ThumbnailMaker thumbnails,
    IOptions<AttachmentOptions> options,
    CurrentSite site,
    TimeProvider time)
{
    /// <summary>Files that one person may have uploaded and not sent.</summary>
    public const int MaxUnsent = 100;

    /// <summary>The size in bytes of the largest file anywhere.</summary>
    public long MaxSize => options.Value.MaxSizeOf(site.View.Rules);

    /// <summary>The size in bytes of the largest file for a kind of owner.</summary>
    public long MaxSizeOf(AttachmentOwner owner) => Math.Min(MaxSize, owners.Get(owner).MaxSize);

    /// <summary>
    /// Stores a file as an unsent attachment of its uploader. It is on the disk and in the database before this returns. A repeated upload
    /// returns the first attachment. An interrupted upload leaves nothing.
    /// </summary>
    /// <exception cref="RefusedException">
    /// The person has no right to upload there, the file is empty or its location and camera can't be removed, the id is in use, too many files
    /// are unsent, or the storage is full.
    /// </exception>
    /// <exception cref="ContentTooLongException">It is larger than <see cref="MaxSizeOf"/>.</exception>
    public async Task<AttachmentView> ReceiveAsync(ClaimsPrincipal person, Upload upload, Stream content, CancellationToken cancellationToken)
    {
        // Programs that forget to choose an id would all use this one.
        if (upload.Id == Guid.Empty)
            throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("FileIdMissing"));
        await owners.Get(upload.Owner).CheckUploaderAsync(person, upload.OwnerId, cancellationToken);
        if (await FindStoredAsync(person, upload, cancellationToken) is { } stored)
            return stored;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            await CheckQuotaAsync(db, person.UserId, upload.Owner, upload.Length, cancellationToken);
        using var received = await store.ReceiveAsync(content, MaxSizeOf(upload.Owner), cancellationToken);
        if (received.Length == 0)
            throw new RefusedException(RefusalCode.Invalid, AttachmentTexts.Get("FileEmpty"));
        var type = await ReadTypeAsync(received, cancellationToken);
        using var file = await fileCleaner.CleanAsync(received, type, cancellationToken);
        var attachment = Describe(person, upload, type, file);
        if (!await TryAddAsync(attachment, cancellationToken))
            attachment = await FindSameAsync(attachment, cancellationToken);
        // The attachment is inserted first, so that the clean-up of unused files does not remove this one.
        await store.StoreAsync(file.Content, CancellationToken.None);
        if (attachment.Thumbnails == ThumbnailState.Failed && file.Header is not null)
            attachment = await TryThumbnailsAgainAsync(attachment);
        if (attachment.Thumbnails == ThumbnailState.Pending)
            thumbnails.Request(attachment.Id);
        return AttachmentView.From(attachment);
    }

    /// <summary>Deletes an unsent attachment, if it exists.</summary>
    /// <exception cref="RefusedException">It was sent already.</exception>
    public async Task DiscardAsync(ClaimsPrincipal person, Guid id, CancellationToken cancellationToken)
    {
        var personId = person.UserId;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var attachment = await db.Attachments.AsNoTracking()
            .SingleOrDefaultAsync(a => a.Id == id && a.UploaderId == personId, cancellationToken);
        if (attachment is null)
            return;
        var removed = await db.Attachments
            .Where(a => a.Id == id && a.MessageId == null && a.PostId == null && !db.ScheduledFiles.Any(file => file.AttachmentId == id)
                && !db.CustomEmoji.Any(emoji => emoji.Id == id) && !db.SiteSettings.Any(site => site.LogoId == id))
            .ExecuteDeleteAsync(cancellationToken);
        if (removed == 0 && await db.Attachments.AnyAsync(a => a.Id == id, cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, AttachmentTexts.Get("FileSent"));
        await cleaner.RemoveUnusedAsync([attachment.Hash], CancellationToken.None);
    }

    /// <summary>The attachment of an earlier upload with this id; null for none, or when its file is missing.</summary>
    private async Task<AttachmentView?> FindStoredAsync(ClaimsPrincipal person, Upload upload, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == upload.Id, cancellationToken);
        if (stored is null)
            return null;
        if (stored.UploaderId != person.UserId || stored.Owner != upload.Owner || stored.OwnerId != upload.OwnerId)
            throw IdTaken();
        await using var content = store.OpenRead(stored.Hash);
        return content is null ? null : AttachmentView.From(stored);
    }

    /// <summary>The attachment that a concurrent upload with the same content has inserted, or a node that failed before it stored the file.</summary>
    private async Task<Attachment> FindSameAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == attachment.Id, cancellationToken);
        return stored is not null && stored.UploaderId == attachment.UploaderId && stored.Hash.AsSpan().SequenceEqual(attachment.Hash)
            ? stored
            : throw IdTaken();
    }

    /// <summary>Repeats thumbnails that failed because the file was missing.</summary>
    private async Task<Attachment> TryThumbnailsAgainAsync(Attachment attachment)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await db.Attachments.Where(a => a.Id == attachment.Id && a.Thumbnails == ThumbnailState.Failed).ExecuteUpdateAsync(
            update => update.SetProperty(a => a.Thumbnails, ThumbnailState.Pending).SetProperty(a => a.ThumbnailTries, 0), CancellationToken.None);
        return await db.Attachments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == attachment.Id, CancellationToken.None) ?? attachment;
    }

    /// <param name="length">Bytes; 0 when it is not known yet.</param>
    /// <exception cref="RefusedException">The person has too many files, or the storage is full.</exception>
    private async Task CheckQuotaAsync(ChatDbContext db, int personId, AttachmentOwner owner, long length, CancellationToken cancellationToken)
    {
        if (owner is AttachmentOwner.Room or AttachmentOwner.Liveblog)
        {
            var unsent = await db.Attachments.CountAsync(
                a => a.UploaderId == personId && a.MessageId == null && a.PostId == null && (a.Owner == AttachmentOwner.Room || a.Owner == AttachmentOwner.Liveblog)
                    && !db.ScheduledFiles.Any(file => file.AttachmentId == a.Id),
                cancellationToken);
            if (unsent >= MaxUnsent)
                throw new RefusedException(RefusalCode.Conflict, AttachmentTexts.Get("UnsentFilesFull", MaxUnsent));
        }

        await quota.CheckAsync(db, personId, length, cancellationToken);
    }

    private Attachment Describe(ClaimsPrincipal person, Upload upload, string type, CleanFile file)
    {
        var voiceType = upload.Voice is null ? null : FileType.VoiceTypeOf(type);
        return Describe(person, upload, voiceType ?? type, file, voiceType is null ? file.Preview : $"{upload.Voice}");
    }

    private Attachment Describe(ClaimsPrincipal person, Upload upload, string type, CleanFile file, string preview) => new()
    {
        Id = upload.Id,
        Owner = upload.Owner,
        OwnerId = upload.OwnerId,
        UploaderId = person.UserId,
        Name = FileName.Clean(upload.Name),
        ContentType = type,
        Size = file.Content.Length,
        Hash = file.Content.Hash,
        Width = file.Header?.Width ?? 0,
        Height = file.Header?.Height ?? 0,
        Preview = preview,
        Thumbnails = file.Header is null ? ThumbnailState.None : ThumbnailState.Pending,
        UploadedAt = time.GetUtcNow().UtcDateTime,
    };

    private static async Task<string> ReadTypeAsync(ReceivedContent received, CancellationToken cancellationToken)
    {
        await using var content = received.OpenRead();
        var head = new byte[FileType.HeadLength];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return FileType.Of(head.AsSpan(0, length));
    }

    /// <returns>False when an attachment with this id exists.</returns>
    /// <inheritdoc cref="CheckQuotaAsync" path="/exception"/>
    private async Task<bool> TryAddAsync(Attachment attachment, CancellationToken cancellationToken)
    {
        try
        {
            return await databases.InTransactionAsync(
                async (db, token) =>
                {
                    // An update of the person locks the row, so that uploads that end at the same time are counted one after the other.
                    await db.Users.Where(user => user.Id == attachment.UploaderId).ExecuteUpdateAsync(
                        user => user.SetProperty(u => u.AvatarId, u => u.AvatarId), token);
                    if (await db.Attachments.AnyAsync(a => a.Id == attachment.Id, token))
                        return false;
                    await CheckQuotaAsync(db, attachment.UploaderId, attachment.Owner, attachment.Size, token);
                    db.Add(attachment);
                    return true;
                },
                cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (!await db.Attachments.AnyAsync(a => a.Id == attachment.Id, cancellationToken))
                throw;
            return false;
        }
    }

    private static RefusedException IdTaken() => new(RefusalCode.Conflict, AttachmentTexts.Get("FileIdTaken"));
}
