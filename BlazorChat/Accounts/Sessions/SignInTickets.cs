using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Sessions;

/// <summary>Tickets by which a page takes over, as a cookie, the session that its socket has begun.</summary>
internal sealed class SignInTickets(IDbContextFactory<ChatDbContext> databases, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <summary>Makes a ticket for a session; it works once, within a minute.</summary>
    /// <exception cref="UnauthorizedAccessException">The session has ended.</exception>
    public async Task<(string Ticket, DateTime ExpiresAt)> CreateAsync(string sessionId, CancellationToken cancellationToken)
    {
        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var expiresAt = time.GetUtcNow().UtcDateTime + Life;
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

    /// <summary>Uses a ticket up.</summary>
    /// <returns>What to sign in with; null for a ticket that was used, has run out, or never was.</returns>
    public async Task<AuthenticationTicket?> RedeemAsync(string ticket, CancellationToken cancellationToken)
    {
        var (hash, now) = (Hash(ticket), time.GetUtcNow().UtcDateTime);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var session = await db.SignInTickets
            .Where(known => known.Hash == hash && known.ExpiresAt > now)
            .Select(known => known.Session!.Ticket)
            .SingleOrDefaultAsync(cancellationToken);
        // Of two who come at once, one removes the row.
        if (session is null || await db.SignInTickets.Where(known => known.Hash == hash).ExecuteDeleteAsync(cancellationToken) != 1)
            return null;
        return TicketSerializer.Default.Deserialize(session);
    }

    private static byte[] Hash(string ticket) => SHA256.HashData(Encoding.UTF8.GetBytes(ticket));
}
