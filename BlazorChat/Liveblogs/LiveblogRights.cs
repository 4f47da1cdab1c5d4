using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>
/// Who may do what: everybody reads what has started; editors write in their liveblog, drafts included; admins do everything.
/// </summary>
internal static class LiveblogRights
{
    /// <summary>Anybody, for what is the same for everybody.</summary>
    public static ClaimsPrincipal Anonymous { get; } = new(new ClaimsIdentity());

    /// <summary>What this person may know of.</summary>
    public static IQueryable<Liveblog> Visible(ChatDbContext db, ClaimsPrincipal reader)
    {
        var liveblogs = db.Liveblogs.AsNoTracking();
        if (!reader.IsSignedIn)
            return liveblogs.Where(liveblog => liveblog.State != LiveblogState.Draft);
        var userId = reader.UserId;
        var admins = db.Admins;
        return liveblogs.Where(liveblog => liveblog.State != LiveblogState.Draft
            || db.LiveblogEditors.Any(editor => editor.LiveblogId == liveblog.Id && editor.UserId == userId)
            || admins.Any(admin => admin.UserId == userId));
    }

    public static async Task<bool> IsEditorAsync(ChatDbContext db, ClaimsPrincipal person, int liveblogId, CancellationToken cancellationToken)
    {
        if (!person.IsSignedIn)
            return false;
        var userId = person.UserId;
        return await db.LiveblogEditors.AnyAsync(editor => editor.LiveblogId == liveblogId && editor.UserId == userId, cancellationToken)
            || await db.IsAdminAsync(person, cancellationToken);
    }

    /// <exception cref="RefusedException">Neither an editor of it nor an admin; the same whether there is such a liveblog or not.</exception>
    public static async Task CheckEditorAsync(ChatDbContext db, ClaimsPrincipal person, int liveblogId, CancellationToken cancellationToken)
    {
        if (!await IsEditorAsync(db, person, liveblogId, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, "Only the editors of this liveblog can do this.");
    }

    /// <exception cref="RefusedException">Not an admin; the same whether there is what was asked for or not.</exception>
    public static async Task CheckAdminAsync(ChatDbContext db, ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (!person.IsSignedIn || !await db.IsAdminAsync(person, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, AdminRights.Refusal);
    }

    public static RefusedException NotFound() => new(RefusalCode.NotFound, "There is no such liveblog.");

    public static RefusedException Archived() => new(RefusalCode.Conflict, "This liveblog is archived.");
}
