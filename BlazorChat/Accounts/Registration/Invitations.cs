using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Registration;

/// <summary>The invitation link: one that works at a time, until an admin replaces it.</summary>
internal sealed class Invitations(IDbContextFactory<ChatDbContext> databases, AdminRights rights, TimeProvider time)
{
    public static Invitation Create(int createdById, DateTime now) =>
        new() { Code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18)), CreatedById = createdById, CreatedAt = now };

    /// <summary>The path of the link, from the application's root.</summary>
    public static string Path(string code) => $"join/{code}";

    /// <summary>The code of the link that works now; null when there is none.</summary>
    /// <exception cref="UnauthorizedAccessException">Not an admin.</exception>
    public async Task<string?> GetCodeAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await CheckAsync(admin, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Invitations
            .Where(invitation => invitation.RevokedAt == null)
            .OrderByDescending(invitation => invitation.Id)
            .Select(invitation => invitation.Code)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Makes a new link; every link given out before stops working.</summary>
    /// <exception cref="UnauthorizedAccessException">Not an admin.</exception>
    public async Task ResetAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        await CheckAsync(admin, cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        await databases.InTransactionAsync(
            async (db, token) =>
            {
                await db.Invitations
                    .Where(invitation => invitation.RevokedAt == null)
                    .ExecuteUpdateAsync(invitation => invitation.SetProperty(i => i.RevokedAt, now), token);
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

    private async Task CheckAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        if (!await rights.IsAdminAsync(admin, cancellationToken))
            throw new UnauthorizedAccessException("Only an admin can see or reset the invitation link.");
    }
}
