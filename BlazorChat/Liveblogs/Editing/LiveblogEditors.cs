using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs.Editing;

public sealed record EditorView(int UserId, string Name, string Email);

/// <summary>Who may write in a liveblog besides the admins, who decide it. Every call is checked for its caller.</summary>
internal sealed class LiveblogEditors(IDbContextFactory<ChatDbContext> databases, CommandLimit commands, IChannelLayer layer)
{
    /// <summary>The most editors that a liveblog has.</summary>
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

    /// <summary>Lets somebody write; who may already still may.</summary>
    /// <param name="email">The address of an account, in any case.</param>
    /// <exception cref="RefusedException">Not an admin, no such liveblog, nobody has this address, or there are too many.</exception>
    public async Task AddAsync(ClaimsPrincipal admin, int liveblogId, string email, CancellationToken cancellationToken)
    {
        commands.Take(admin);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckAdminAsync(db, admin, cancellationToken);
        var address = email.Trim().ToUpperInvariant();
        var userId = await db.Users
            .Where(user => user.NormalizedEmail == address && user.BannedAt == null)
            .Select(user => (int?)user.Id)
            .FirstOrDefaultAsync(cancellationToken) ?? throw new RefusedException(RefusalCode.NotFound, "Nobody here has this address.");
        if (!await db.Liveblogs.AnyAsync(liveblog => liveblog.Id == liveblogId, cancellationToken))
            throw LiveblogRights.NotFound();
        if (await db.LiveblogEditors.CountAsync(editor => editor.LiveblogId == liveblogId, cancellationToken) >= Max)
            throw new RefusedException(RefusalCode.Conflict, $"A liveblog has at most {Max} editors.");
        db.Add(new LiveblogEditorship { LiveblogId = liveblogId, UserId = userId });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody else was first.
            if (!await db.LiveblogEditors.AnyAsync(e => e.LiveblogId == liveblogId && e.UserId == userId, cancellationToken))
                throw;
        }
    }

    /// <summary>Takes the right to write from somebody at once. What they scheduled stays a draft.</summary>
    /// <exception cref="RefusedException">Not an admin.</exception>
    public async Task RemoveAsync(ClaimsPrincipal admin, int liveblogId, int userId, CancellationToken cancellationToken)
    {
        commands.Take(admin);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await LiveblogRights.CheckAdminAsync(db, admin, cancellationToken);
        await db.LiveblogEditors.Where(e => e.LiveblogId == liveblogId && e.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await layer.PublishAsync(LiveblogGroups.Desk(liveblogId), new LiveblogDeskChanged(liveblogId), CancellationToken.None);
    }
}
