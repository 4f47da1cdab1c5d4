using System.Data.Common;
using System.Security.Claims;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Layer;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Naming;

/// <summary>Changes the handle of a person. Messages that mention them still do.</summary>
internal sealed class HandleChange(IDbContextFactory<ChatDbContext> databases, CommandLimit commands, IChannelLayer layer)
{
    /// <summary>Changes a handle, with or without its <c>@</c>. The same handle again changes nothing.</summary>
    /// <returns>The handle as it is stored.</returns>
    /// <exception cref="RefusedException">The handle breaks a rule, is taken, or looks like one that is; or too many commands.</exception>
    public async Task<string> ChangeAsync(ClaimsPrincipal person, string typed, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        if (!PlainText.IsOneLine(typed))
            throw new RefusedException(RefusalCode.Invalid, CommonTexts.Get("NameUnreadable"));
        var handle = HandleText.KeyOf(typed.Trim().TrimStart('@'));
        if (HandleText.FindProblem(handle) is { } problem)
            throw new RefusedException(RefusalCode.Invalid, problem);
        var (userId, shape) = (person.UserId, NameForms.Of(handle).Shape);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await CheckAsync(db, userId, handle, shape, cancellationToken);
        try
        {
            await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
                user => user.SetProperty(u => u.Handle, handle).SetProperty(u => u.HandleShape, shape), cancellationToken);
        }
        catch (DbException) when (!cancellationToken.IsCancellationRequested)
        {
            // The unique indexes decide between two concurrent changes.
            await CheckAsync(db, userId, handle, shape, cancellationToken);
            throw;
        }

        await layer.PublishAsync(SessionGroups.All, new PersonChanged(userId), CancellationToken.None);
        return handle;
    }

    private static async Task CheckAsync(ChatDbContext db, int userId, string handle, string shape, CancellationToken cancellationToken)
    {
        var taken = await db.Users
            .Where(user => user.Id != userId && user.HandleShape == shape)
            .Select(user => user.Handle)
            .FirstOrDefaultAsync(cancellationToken);
        if (taken is not null)
        {
            throw new RefusedException(
                RefusalCode.Conflict, taken == handle ? AccountTexts.Get("HandleTaken", handle) : AccountTexts.Get("HandleLooksLike", handle, taken));
        }
    }
}
