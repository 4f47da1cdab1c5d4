using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Liveblogs;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Liveblogs;

/// <summary>Everyone reads liveblogs that have started. Editors read and write theirs, with its drafts. Admins may do everything.</summary>
internal static class LiveblogRights
{
    /// <summary>An anonymous reader, for content that is the same for everyone.</summary>
    public static ClaimsPrincipal Anonymous { get; } = new(new ClaimsIdentity());

    /// <summary>The liveblogs that this person may read.</summary>
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

    /// <exception cref="RefusedException">Neither an editor of it nor an admin. The refusal does not reveal whether the liveblog exists.</exception>
    public static async Task CheckEditorAsync(ChatDbContext db, ClaimsPrincipal person, int liveblogId, CancellationToken cancellationToken)
    {
        if (!await IsEditorAsync(db, person, liveblogId, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, LiveblogTexts.Get("EditorsOnly"));
    }

    /// <exception cref="RefusedException">Not an admin.</exception>
    public static async Task CheckAdminAsync(ChatDbContext db, ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (!person.IsSignedIn || !await db.IsAdminAsync(person, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, AdminRights.Refusal);
    }

    /// <exception cref="RefusedException">The liveblog is archived, so nothing in it changes any more.</exception>
    public static void CheckOpen(LiveblogState state)
    {
        if (state == LiveblogState.Archived)
            throw new RefusedException(RefusalCode.Conflict, LiveblogTexts.Get("LiveblogArchived"));
    }

    public static RefusedException NotFound() => new(RefusalCode.NotFound, LiveblogTexts.Get("LiveblogNotFound"));
}
