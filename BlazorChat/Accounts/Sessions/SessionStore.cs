using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Common.Localization;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Sessions;

/// <summary>Stores sign-ins in the database. The cookie is only a key, which the server can revoke.</summary>
internal sealed class SessionStore(
    IDbContextFactory<ChatDbContext> databases, SessionDirectory sessions, SessionCache cache, TimeProvider time) : ITicketStore, IScopeSessions
{
    /// <summary>An item of the ticket's properties: the session that the cookie continues, instead of a new one.</summary>
    public const string ContinuedSession = "blazorchat.session";

    /// <summary>The time after which an unused session expires.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(1);

    public Task<string> StoreAsync(AuthenticationTicket ticket) => StartAsync(ticket, null, CancellationToken.None);

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        StartAsync(ticket, httpContext.Request.Headers.UserAgent.ToString(), cancellationToken);

    public async Task<ClaimsPrincipal> StartAsync(ClaimsPrincipal user, ConsumerScope scope, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now + Lifetime };
        var ticket = new AuthenticationTicket(user, properties, IdentityConstants.ApplicationScheme);
        await StartAsync(ticket, scope.Headers.UserAgent.ToString(), cancellationToken);
        return ticket.Principal;
    }

    public Task EndAsync(string sessionId, CancellationToken cancellationToken) => sessions.EndAsync(sessionId, cancellationToken);

    /// <summary>Starts a session, or renews the one that <see cref="ContinuedSession"/> names.</summary>
    /// <exception cref="UnauthorizedAccessException">The account is banned, or a bot's.</exception>
    private async Task<string> StartAsync(AuthenticationTicket ticket, string? userAgent, CancellationToken cancellationToken)
    {
        var continued = ticket.Properties.Items.Remove(ContinuedSession, out var known) ? SessionDirectory.Parse(known) : null;
        var id = continued ?? Guid.NewGuid();
        AddSession(ticket, id);
        if (continued is not null)
        {
            await RenewAsync(SessionDirectory.Format(id), ticket, cancellationToken);
            return SessionDirectory.Format(id);
        }

        var now = time.GetUtcNow().UtcDateTime;
        var session = new UserSession
        {
            Id = id,
            UserId = ticket.Principal.UserId,
            Ticket = TicketSerializer.Default.Serialize(ticket),
            Device = Device.Describe(userAgent),
            CreatedAt = now,
            LastSeenAt = now,
            ConfirmedAt = now,
            ExpiresAt = ExpiryOf(ticket, now),
        };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(session);
        await db.SaveChangesAsync(cancellationToken);
        // Read after the row is inserted: a concurrent ban finds the row, or is found here.
        if (await db.Users.AnyAsync(user => user.Id == session.UserId && (user.BannedAt != null || user.IsBot), cancellationToken))
        {
            await sessions.EndAsync(SessionDirectory.Format(id), cancellationToken);
            throw new UnauthorizedAccessException("This account may not sign in.");
        }

        await StoreLanguageAsync(db, session.UserId, cancellationToken);
        return SessionDirectory.Format(id);
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, CancellationToken.None);

    public async Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken cancellationToken)
    {
        if (SessionDirectory.Parse(key) is not { } id)
            return;
        AddSession(ticket, id);
        var (userId, bytes) = (ticket.Principal.UserId, TicketSerializer.Default.Serialize(ticket));
        var expiresAt = ExpiryOf(ticket, time.GetUtcNow().UtcDateTime);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var renewed = await db.UserSessions
            .Where(session => session.Id == id && session.UserId == userId)
            .ExecuteUpdateAsync(
                session => session.SetProperty(s => s.Ticket, bytes).SetProperty(s => s.ExpiresAt, expiresAt), cancellationToken);
        if (renewed == 1)
        {
            cache.Remove(key);
            await StoreLanguageAsync(db, userId, cancellationToken);
        }
        // The key may have been copied, so it never becomes the key of another user.
        else if (await db.UserSessions.AnyAsync(session => session.Id == id, cancellationToken))
            throw new InvalidOperationException("This session belongs to another user and must end first.");
    }

    public Task<AuthenticationTicket?> RetrieveAsync(string key) => RetrieveAsync(key, CancellationToken.None);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken)
    {
        if (SessionDirectory.Parse(key) is not { } id)
            return null;
        var bytes = await cache.GetAsync(key, token => ReadAsync(id, token), cancellationToken);
        return bytes is null ? null : TicketSerializer.Default.Deserialize(bytes);
    }

    public Task RemoveAsync(string key) => sessions.EndAsync(key, CancellationToken.None);

    private async Task<byte[]?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var session = await db.UserSessions
            .Where(session => session.Id == id)
            .Select(session => new { session.Ticket, session.LastSeenAt })
            .SingleOrDefaultAsync(cancellationToken);
        if (session is null)
            return null;
        if (time.GetUtcNow().UtcDateTime - session.LastSeenAt > SeenPrecision)
            await sessions.TouchAsync([SessionDirectory.Format(id)], cancellationToken);
        return session.Ticket;
    }

    /// <summary>Stores the language of the request, in which a person who has chosen none gets their mails.</summary>
    private static async Task StoreLanguageAsync(ChatDbContext db, int userId, CancellationToken cancellationToken)
    {
        var language = SiteLanguages.Current;
        await db.Users.Where(user => user.Id == userId && user.SeenLanguage != language).ExecuteUpdateAsync(
            user => user.SetProperty(u => u.SeenLanguage, language), cancellationToken);
    }

    /// <summary>Adds the session to the claims of the user, for every kind of connection.</summary>
    private static void AddSession(AuthenticationTicket ticket, Guid id)
    {
        var identity = (ClaimsIdentity)ticket.Principal.Identity!;
        foreach (var other in identity.FindAll(ConnectionRegistry.SessionClaim).ToArray())
            identity.RemoveClaim(other);
        identity.AddClaim(new Claim(ConnectionRegistry.SessionClaim, SessionDirectory.Format(id)));
    }

    private static DateTime ExpiryOf(AuthenticationTicket ticket, DateTime now) => ticket.Properties.ExpiresUtc?.UtcDateTime ?? now + Lifetime;
}
