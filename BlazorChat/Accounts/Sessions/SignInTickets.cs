using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Sessions;

/// <summary>Tickets that a page exchanges for the cookie of the session that its socket has started.</summary>
internal sealed class SignInTickets(IDbContextFactory<ChatDbContext> databases, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Creates a ticket for a session. It is valid once, within a minute.</summary>
    /// <exception cref="UnauthorizedAccessException">The session has ended.</exception>
    public async Task<(string Ticket, DateTime ExpiresAt)> CreateAsync(string sessionId, CancellationToken cancellationToken)
    {
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var expiresAt = time.GetUtcNow().UtcDateTime + Lifetime;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var session = SessionDirectory.Parse(sessionId)!.Value;
        db.Add(new SignInTicket { Hash = Hash(ticket), SessionId = session, ExpiresAt = expiresAt });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            if (await db.UserSessions.AnyAsync(known => known.Id == session, cancellationToken))
                throw;
            throw new UnauthorizedAccessException("This session has ended.");
        }

        return (ticket, expiresAt);
    }

    /// <summary>Redeems a ticket.</summary>
    /// <returns>The user to sign in; null for a ticket that was used, has expired, or does not exist.</returns>
    public async Task<AuthenticationTicket?> RedeemAsync(string ticket, CancellationToken cancellationToken)
    {
        var (hash, now) = (Hash(ticket), time.GetUtcNow().UtcDateTime);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var session = await db.SignInTickets
            .Where(known => known.Hash == hash && known.ExpiresAt > now)
            .Select(known => known.Session!.Ticket)
            .SingleOrDefaultAsync(cancellationToken);
        // Of two concurrent calls, one deletes the row.
        if (session is null || await db.SignInTickets.Where(known => known.Hash == hash).ExecuteDeleteAsync(cancellationToken) != 1)
            return null;
        return TicketSerializer.Default.Deserialize(session);
    }

    private static byte[] Hash(string ticket) => SHA256.HashData(Encoding.UTF8.GetBytes(ticket));
}
