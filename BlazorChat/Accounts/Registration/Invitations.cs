using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Rights;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Registration;

/// <summary>The invitation link. One is valid at a time, until an admin resets it.</summary>
internal sealed class Invitations(IDbContextFactory<ChatDbContext> databases, AdminRights rights, TimeProvider time)
{
    public static Invitation Create(int createdById, DateTime now) =>
        new() { Code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18)), CreatedById = createdById, CreatedAt = now };

    /// <summary>The path of the link, from the application's root.</summary>
    public static string Path(string code) => $"join/{code}";

    /// <summary>The code of the valid link; null when there is none.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task<string?> GetCodeAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await rights.CheckAsync(admin, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Invitations
            .Where(invitation => invitation.RevokedAt == null)
            .OrderByDescending(invitation => invitation.Id)
            .Select(invitation => invitation.Code)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Creates a new link. The previous one becomes invalid.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task ResetAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await rights.CheckAsync(admin, cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Invitations
                    .Where(invitation => invitation.RevokedAt == null)
                    .ExecuteUpdateAsync(invitation => invitation.SetProperty(i => i.RevokedAt, now), token);
                await db.AuditAsync(admin, AuditAction.InvitationReset, "", now, token);
                return db.Add(Create(admin.UserId, now));
            },
            cancellationToken);
    }

    public async Task<bool> IsValidAsync(string code, CancellationToken cancellationToken)
    {
        if (code.Length > 64)
            return false;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Invitations.AnyAsync(i => i.Code == code && i.RevokedAt == null, cancellationToken);
    }
}
