using System.Buffers.Text;
using System.Data;
using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin;

internal sealed record PersonView(int Id, string Name, string Email, bool IsAdmin, bool IsBanned);

/// <param name="Ending">The key's last characters.</param>
internal sealed record BannedKey(string BotName, string Ending);

/// <summary>What the admin decides before a ban.</summary>
/// <param name="HasInvitation">Whether the person created the valid invitation link.</param>
/// <param name="Keys">The valid keys that the person created for bots.</param>
internal sealed record BanQuestion(int UserId, string Name, bool HasInvitation, IReadOnlyList<BannedKey> Keys);

/// <summary>The commands of admins on people. Each checks the right in the database.</summary>
internal sealed partial class People(
    ChatDbContext db,
    UserManager<ChatUser> users,
    SessionDirectory sessions,
    AdminRights rights,
    BotDirectory bots,
    Invitations invitations,
    TimeProvider time,
    ILogger<People> logger)
{
    public const int PageSize = 50;

    /// <summary>
    /// The people in the order of their registration, at most <see cref="PageSize"/> of them; none for a user who is no admin.
    /// </summary>
    /// <param name="afterId">The last person of the previous page; 0 for the first page.</param>
    public async Task<IReadOnlyList<PersonView>> ListAsync(ClaimsPrincipal admin, int afterId, CancellationToken cancellationToken)
    {
        var adminId = admin.UserId;
        var admins = db.Admins;
        return await db.Users
            .Where(user => user.Id > afterId && !user.IsBot && admins.Any(known => known.UserId == adminId))
            .OrderBy(user => user.Id)
            .Take(PageSize)
            .Select(user => new PersonView(
                user.Id, user.DisplayName, user.Email!, admins.Any(other => other.UserId == user.Id), user.BannedAt != null))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Gives a person the right of an admin, or revokes it. A site always has an admin.</summary>
    /// <exception cref="RefusedException">The user is no admin, or the person cannot get or lose the right.</exception>
    public async Task SetAdminAsync(ClaimsPrincipal admin, int userId, bool isAdmin, CancellationToken cancellationToken)
    {
        // Serializable: one is left of two admins who revoke each other's right concurrently.
        await db.InTransactionAsync(isolation: IsolationLevel.Serializable, cancellationToken: cancellationToken, work: async token =>
        {
            await db.CheckAdminAsync(admin, token);
            var user = await GetAsync(userId);
            if (isAdmin && user.BannedAt is not null)
                throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("PersonBanned"));
            if (await users.IsInRoleAsync(user, SignedInUser.AdminRole) == isAdmin)
                return false;
            if (!isAdmin && await db.Admins.CountAsync(token) == 1)
                throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("OnlyAdmin"));

            (isAdmin
                ? await users.AddToRoleAsync(user, SignedInUser.AdminRole)
                : await users.RemoveFromRoleAsync(user, SignedInUser.AdminRole)).ThrowIfFailed();
            // Open sessions have the previous rights.
            (await users.UpdateSecurityStampAsync(user)).ThrowIfFailed();
            await db.AuditAsync(admin, isAdmin ? AuditAction.AdminGranted : AuditAction.AdminRevoked, userId, Now, token);
            return true;
        });
        LogAdminSet(admin.UserId, userId, isAdmin);
        await rights.PublishChangeAsync(userId);
        await sessions.EndAllAsync(userId, except: userId == admin.UserId ? SessionDirectory.Parse(admin.SessionId) : null, CancellationToken.None);
    }

    /// <summary>Reads what of a person remains valid after a ban, unless the admin ends it too.</summary>
    /// <exception cref="RefusedException">The user is no admin, or the person cannot be banned.</exception>
    public async Task<BanQuestion> AskBanAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        await CheckBanAsync(admin, userId, cancellationToken);
        var name = await db.Users
            .Where(user => user.Id == userId && !user.IsBot)
            .Select(user => user.DisplayName)
            .SingleOrDefaultAsync(cancellationToken) ?? throw Gone();
        var keys = await db.BotKeys
            .Where(key => key.CreatedById == userId && key.RevokedAt == null && key.Bot!.BannedAt == null)
            .OrderBy(key => key.Id)
            .Select(key => new BannedKey(key.Bot!.DisplayName, key.Ending))
            .ToListAsync(cancellationToken);
        var hasInvitation = await db.Invitations.AnyAsync(
            invitation => invitation.CreatedById == userId && invitation.RevokedAt == null, cancellationToken);
        return new BanQuestion(userId, name, hasInvitation, keys);
    }

    /// <summary>Bans a person and ends all their sessions. Their messages stay.</summary>
    /// <param name="resetInvitation">Whether to reset the invitation link, which the person may know.</param>
    /// <param name="revokeKeys">Whether to revoke the keys that the person created for bots.</param>
    /// <exception cref="RefusedException">The user is no admin, or the person cannot be banned.</exception>
    public async Task BanAsync(
        ClaimsPrincipal admin, int userId, bool resetInvitation, bool revokeKeys, CancellationToken cancellationToken)
    {
        await CheckBanAsync(admin, userId, cancellationToken);
        await SetBannedAsync(admin, userId, true, cancellationToken);
        LogBannedSet(admin.UserId, userId, true);
        // The rest is completed also when the admin closes the page.
        await sessions.EndAllAsync(userId, except: null, CancellationToken.None);
        if (resetInvitation)
            await invitations.ResetAsync(admin, CancellationToken.None);
        if (revokeKeys)
            await bots.RevokeMadeByAsync(admin, userId, CancellationToken.None);
    }

    /// <summary>Allows a banned person to sign in again.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task UnbanAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        await SetBannedAsync(admin, userId, false, cancellationToken);
        LogBannedSet(admin.UserId, userId, false);
    }

    /// <summary>
    /// Creates the link at which a person chooses a new password without the old one. It is valid once, within a day, and until the password
    /// changes. Two-factor sign-in and passkeys stay.
    /// </summary>
    /// <returns>The path from the application's root.</returns>
    /// <exception cref="RefusedException">The user is no admin, or there is no such person.</exception>
    public async Task<string> CreatePasswordLinkAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        var user = await GetAsync(userId);
        var token = await users.GeneratePasswordResetTokenAsync(user);
        await db.AuditAsync(admin, AuditAction.PasswordLinkCreated, user.DisplayName, Now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        LogPasswordLink(admin.UserId, userId);
        return $"account/password/{userId}/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}";
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private Task<bool> SetBannedAsync(ClaimsPrincipal admin, int userId, bool isBanned, CancellationToken cancellationToken) => db.InTransactionAsync(
        async token =>
        {
            var (now, bannedAt) = (Now, isBanned ? Now : (DateTime?)null);
            var changed = await db.Users
                .Where(user => user.Id == userId && !user.IsBot && (user.BannedAt != null) != isBanned)
                .ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, bannedAt), token);
            if (changed > 0)
                await db.AuditAsync(admin, isBanned ? AuditAction.PersonBanned : AuditAction.PersonUnbanned, userId, now, token);
            return changed > 0;
        },
        cancellationToken);

    private async Task CheckBanAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        if (userId == admin.UserId)
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("OwnBan"));
        if (await db.Admins.AnyAsync(other => other.UserId == userId, cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("BanOfAdmin"));
    }

    private async Task<ChatUser> GetAsync(int userId) =>
        await users.FindByIdAsync($"{userId}") is { IsBot: false } user ? user : throw Gone();

    private static RefusedException Gone() => new(RefusalCode.NotFound, AdminTexts.Get("PersonGone"));

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has set whether account {UserId} is an admin: {IsAdmin}")]
    private partial void LogAdminSet(int adminId, int userId, bool isAdmin);

    [LoggerMessage(3, LogLevel.Information, "Account {AdminId} has set whether account {UserId} is banned: {IsBanned}")]
    private partial void LogBannedSet(int adminId, int userId, bool isBanned);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has created a password link for account {UserId}")]
    private partial void LogPasswordLink(int adminId, int userId);
}
