using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Limits;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

public sealed record EditorView(int UserId, string Name, string Email);

/// <summary>The people who may write in a liveblog, besides the admins. Admins choose them; every call checks its caller.</summary>
internal sealed class LiveblogEditors(IDbContextFactory<ChatDbContext> databases, CommandLimit commands, LiveblogWriter writer, TimeProvider time)
{
    /// <summary>The most editors of a liveblog.</summary>
    public const int Max = 100;

    /// <exception cref="RefusedException">Not an admin.</exception>
    public async Task<IReadOnlyList<EditorView>> ListAsync(ClaimsPrincipal admin, int liveblogId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckAdminAsync(db, admin, cancellationToken);
        return await db.LiveblogEditors
            .Where(editor => editor.LiveblogId == liveblogId)
            .OrderBy(editor => editor.User!.DisplayName)
            .Take(Max)
            .Select(editor => new EditorView(editor.UserId, editor.User!.DisplayName, editor.User.Email ?? ""))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Adds an editor. Adding one again changes nothing.</summary>
    /// <param name="email">The email address of an account; case is ignored.</param>
    /// <exception cref="RefusedException">Not an admin, no such liveblog, no such account, or too many editors.</exception>
    public async Task AddAsync(ClaimsPrincipal admin, int liveblogId, string email, CancellationToken cancellationToken)
    {
        commands.Acquire(admin);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckAdminAsync(db, admin, cancellationToken);
        var address = email.Trim().ToUpperInvariant();
        var userId = await db.Users
            .Where(user => user.NormalizedEmail == address && user.BannedAt == null)
            .Select(user => (int?)user.Id)
            .FirstOrDefaultAsync(cancellationToken) ?? throw new RefusedException(RefusalCode.NotFound, LiveblogTexts.Get("AccountNotFound"));
        if (!await db.Liveblogs.AnyAsync(liveblog => liveblog.Id == liveblogId, cancellationToken))
            throw LiveblogRights.NotFound();
        if (await db.LiveblogEditors.CountAsync(editor => editor.LiveblogId == liveblogId, cancellationToken) >= Max)
            throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("TooManyEditors", Max));
        db.Add(new LiveblogEditorship { LiveblogId = liveblogId, UserId = userId });
        await AuditAsync(db, admin, AuditAction.EditorAdded, liveblogId, userId, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another call added the same editor first.
            if (!await db.LiveblogEditors.AnyAsync(e => e.LiveblogId == liveblogId && e.UserId == userId, cancellationToken))
                throw;
        }
    }

    /// <summary>Removes an editor, who loses the right at once. Their scheduled drafts stay drafts.</summary>
    /// <exception cref="RefusedException">Not an admin.</exception>
    public async Task RemoveAsync(ClaimsPrincipal admin, int liveblogId, int userId, CancellationToken cancellationToken)
    {
        commands.Acquire(admin);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckAdminAsync(db, admin, cancellationToken);
        await db.InTransactionAsync(
            async token =>
            {
                var removed = await db.LiveblogEditors.Where(e => e.LiveblogId == liveblogId && e.UserId == userId).ExecuteDeleteAsync(token);
                if (removed > 0)
                    await AuditAsync(db, admin, AuditAction.EditorRemoved, liveblogId, userId, token);
                return removed;
            },
            cancellationToken);
        await writer.NotifyEditorsAsync(liveblogId);
    }

    private async Task AuditAsync(ChatDbContext db, ClaimsPrincipal admin, AuditAction action, int liveblogId, int userId, CancellationToken cancellationToken)
    {
        var title = await db.Liveblogs.Where(liveblog => liveblog.Id == liveblogId).Select(liveblog => liveblog.Title).SingleAsync(cancellationToken);
        var editor = await db.Users.Where(user => user.Id == userId).Select(user => user.DisplayName).SingleAsync(cancellationToken);
        await db.AuditAsync(admin, action, $"{editor} · {title}", time.GetUtcNow().UtcDateTime, cancellationToken);
    }
}
