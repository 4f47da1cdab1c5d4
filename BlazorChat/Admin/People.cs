using System.Buffers.Text;
using System.Data;
using System.Security.Claims;
using System.Text;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin;

internal sealed record PersonView(int Id, string Name, string Email, bool IsAdmin, bool IsBanned);

/// <param name="Ending">The key's last characters.</param>
internal sealed record BannedKey(string BotName, string Ending);

/// <summary>What is asked before a ban.</summary>
/// <param name="HasInvitation">Whether the invitation link of now was made by the person.</param>
/// <param name="Keys">Those that the person made for bots and that still work.</param>
internal sealed record BanQuestion(int UserId, string Name, bool HasInvitation, IReadOnlyList<BannedKey> Keys);

/// <summary>What admins do for people: see who is here, make admins, ban, and help who has forgotten their password.</summary>
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

    private const string Gone = "There is no such person any more.";

    /// <summary>
    /// People in the order in which they came, at most <see cref="PageSize"/> of them; nobody for one who is not, or no longer, an admin.
    /// </summary>
    /// <param name="afterId">The last person of the page before; 0 for the first page.</param>
    public async Task<IReadOnlyList<PersonView>> ListAsync(ClaimsPrincipal admin, int afterId, CancellationToken cancellationToken)
    {
        var adminId = admin.UserId;
        var admins = db.Admins;
        return await db.Users
            .Where(user => user.Id > afterId && !user.IsBot && admins.Any(asking => asking.UserId == adminId))
            .OrderBy(user => user.Id)
            .Take(PageSize)
            .Select(user => new PersonView(
                user.Id, user.DisplayName, user.Email!, admins.Any(other => other.UserId == user.Id), user.BannedAt != null))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Makes or unmakes an admin. A place always keeps one.</summary>
    /// <returns>Why it was not done, for the person who asked; null when it was.</returns>
    public async Task<string?> SetAdminAsync(ClaimsPrincipal admin, int userId, bool isAdmin, CancellationToken cancellationToken)
    {
        // Serializable: two admins who unmake each other at once leave one.
        var refusal = await db.InTransactionAsync(isolation: IsolationLevel.Serializable, cancellationToken: cancellationToken, work: async token =>
        {
            if (await RefuseAsync(admin, token) is { } refused)
                return refused;
            if (await users.FindByIdAsync($"{userId}") is not { IsBot: false } user)
                return Gone;
            if (isAdmin && user.BannedAt is not null)
                return "This person is banned. Unban them first.";
            if (await users.IsInRoleAsync(user, SignedInUser.AdminRole) == isAdmin)
                return null;
            if (!isAdmin && await db.Admins.CountAsync(token) == 1)
                return "This is the only admin. Make somebody else an admin first.";

            (isAdmin
                ? await users.AddToRoleAsync(user, SignedInUser.AdminRole)
                : await users.RemoveFromRoleAsync(user, SignedInUser.AdminRole)).ThrowIfFailed();
            // What is open at the moment was opened with the rights of before.
            (await users.UpdateSecurityStampAsync(user)).ThrowIfFailed();
            return null;
        });
        if (refusal is not null)
            return refusal;
        LogAdminSet(admin.UserId, userId, isAdmin);
        await rights.PublishChangeAsync(userId);
        await sessions.EndAllAsync(userId, except: userId == admin.UserId ? SessionDirectory.Parse(admin.SessionId) : null, CancellationToken.None);
        return null;
    }

    /// <summary>What of a person still works after a ban, unless it ends with it.</summary>
    /// <returns>The question to ask, or null and why the person cannot be banned.</returns>
    public async Task<(BanQuestion? Question, string? Refusal)> AskBanAsync(
        ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        if (await RefuseBanAsync(admin, userId, cancellationToken) is { } refused)
            return (null, refused);
        var name = await db.Users
            .Where(user => user.Id == userId && !user.IsBot)
            .Select(user => user.DisplayName)
            .SingleOrDefaultAsync(cancellationToken);
        if (name is null)
            return (null, Gone);
        var keys = await db.BotKeys
            .Where(key => key.CreatedById == userId && key.RevokedAt == null && key.Bot!.BannedAt == null)
            .OrderBy(key => key.Id)
            .Select(key => new BannedKey(key.Bot!.DisplayName, key.Ending))
            .ToListAsync(cancellationToken);
        var hasInvitation = await db.Invitations.AnyAsync(
            invitation => invitation.CreatedById == userId && invitation.RevokedAt == null, cancellationToken);
        return (new BanQuestion(userId, name, hasInvitation, keys), null);
    }

    /// <summary>Bans somebody, which signs them out everywhere at once. What they said stays.</summary>
    /// <param name="resetInvitation">Whether the invitation link, which they may know, is replaced as well.</param>
    /// <param name="revokeKeys">Whether the keys that they made for bots are revoked as well.</param>
    /// <returns>Why it was not done, for the person who asked; null when it was.</returns>
    public async Task<string?> BanAsync(
        ClaimsPrincipal admin, int userId, bool resetInvitation, bool revokeKeys, CancellationToken cancellationToken)
    {
        if (await RefuseBanAsync(admin, userId, cancellationToken) is { } refused)
            return refused;
        DateTime? now = time.GetUtcNow().UtcDateTime;
        await db.Users
            .Where(user => user.Id == userId && !user.IsBot && user.BannedAt == null)
            .ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, now), cancellationToken);
        LogBannedSet(admin.UserId, userId, true);
        // All of it is done, also when the admin leaves the page meanwhile.
        await sessions.EndAllAsync(userId, except: null, CancellationToken.None);
        if (resetInvitation)
            await invitations.ResetAsync(admin, CancellationToken.None);
        if (revokeKeys)
            await bots.RevokeMadeByAsync(admin, userId, CancellationToken.None);
        return null;
    }

    /// <summary>Lets somebody sign in again.</summary>
    /// <returns>Why it was not done, for the person who asked; null when it was.</returns>
    public async Task<string?> UnbanAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(admin, cancellationToken) is { } refused)
            return refused;
        await db.Users
            .Where(user => user.Id == userId && !user.IsBot && user.BannedAt != null)
            .ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, (DateTime?)null), cancellationToken);
        LogBannedSet(admin.UserId, userId, false);
        return null;
    }

    /// <summary>
    /// Makes the path at which a person chooses a new password without the old one. It works once, within a day, and not after
    /// the password has been changed otherwise. What the person has besides (two-factor, passkeys) stays.
    /// </summary>
    /// <returns>The path from the application's root, or null and why there is none.</returns>
    public async Task<(string? Path, string? Refusal)> CreatePasswordLinkAsync(
        ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(admin, cancellationToken) is { } refused)
            return (null, refused);
        if (await users.FindByIdAsync($"{userId}") is not { IsBot: false } user)
            return (null, Gone);
        var token = await users.GeneratePasswordResetTokenAsync(user);
        LogPasswordLink(admin.UserId, userId);
        return ($"account/password/{userId}/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}", null);
    }

    private async Task<string?> RefuseBanAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(admin, cancellationToken) is { } refused)
            return refused;
        if (userId == admin.UserId)
            return "You cannot ban yourself.";
        return await db.Admins.AnyAsync(other => other.UserId == userId, cancellationToken)
            ? "This is an admin. Take that right away first."
            : null;
    }

    private async Task<string?> RefuseAsync(ClaimsPrincipal admin, CancellationToken cancellationToken) =>
        await db.IsAdminAsync(admin, cancellationToken) ? null : AdminRights.Refusal;

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has set whether account {UserId} is an admin: {IsAdmin}")]
    private partial void LogAdminSet(int adminId, int userId, bool isAdmin);

    [LoggerMessage(3, LogLevel.Information, "Account {AdminId} has set whether account {UserId} is banned: {IsBanned}")]
    private partial void LogBannedSet(int adminId, int userId, bool isBanned);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has made a link to a new password for account {UserId}")]
    private partial void LogPasswordLink(int adminId, int userId);
}
