using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Confirmation;

/// <summary>
/// Whether the person at a session has lately proved who they are. What keeps an account safe may be changed only then, so that a
/// browser left open, or a stolen cookie, is not enough.
/// </summary>
internal sealed class Confirmations(IDbContextFactory<ChatDbContext> databases, IOptions<AccountOptions> options, TimeProvider time)
{
    /// <param name="isChange">A change may come later than the page that it was made on, by the same time again.</param>
    public async Task<bool> IsConfirmedAsync(ClaimsPrincipal user, bool isChange, CancellationToken cancellationToken)
    {
        if (SessionDirectory.Parse(user.SessionId) is not { } sessionId)
            return false;
        var since = time.GetUtcNow().UtcDateTime - (options.Value.ConfirmationLifetime * (isChange ? 2 : 1));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.UserSessions.AnyAsync(session => session.Id == sessionId && session.ConfirmedAt > since, cancellationToken);
    }

    public async Task ConfirmAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var (sessionId, now) = (SessionDirectory.Parse(user.SessionId), time.GetUtcNow().UtcDateTime);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.UserSessions
            .Where(session => session.Id == sessionId)
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.ConfirmedAt, now), cancellationToken);
    }
}
