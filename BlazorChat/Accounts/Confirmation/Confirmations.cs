using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Accounts.Confirmation;

/// <summary>
/// When the person of a session last proved their identity. Passkeys and two-factor sign-in can be changed only for a while after that, so
/// that an unlocked browser or a stolen cookie is not enough.
/// </summary>
internal sealed class Confirmations(IDbContextFactory<ChatDbContext> databases, IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Whether the confirmation is recent enough.</summary>
    /// <param name="isChange">True for a posted form: it has twice the time, since its page was opened before.</param>
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
