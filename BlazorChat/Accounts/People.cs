using System.Buffers.Text;
using System.Data;
using System.Security.Claims;
using System.Text;
using BlazorChat.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts;

internal sealed record PersonView(int Id, string Name, string Email, bool IsAdmin, bool IsBanned);

/// <summary>What admins do for people: see who is here, make admins, ban, and help who has forgotten their password.</summary>
internal sealed partial class People(
    ChatDbContext db, UserManager<ChatUser> users, Sessions sessions, TimeProvider time, ILogger<People> logger)
{
    public const int PageSize = 50;

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
                return "There is no such person any more.";
            if (await users.IsInRoleAsync(user, SignedInUser.AdminRole) == isAdmin)
                return null;
            if (!isAdmin && await db.Admins.CountAsync(token) == 1)
                return "This is the only admin. Make somebody else an admin first.";

            Check(isAdmin
                ? await users.AddToRoleAsync(user, SignedInUser.AdminRole)
                : await users.RemoveFromRoleAsync(user, SignedInUser.AdminRole));
            // What is open at the moment was opened with the rights of before.
            Check(await users.UpdateSecurityStampAsync(user));
            return null;
        });
        if (refusal is not null)
            return refusal;
        LogAdminSet(admin.UserId, userId, isAdmin);
        await sessions.EndAllAsync(userId, except: userId == admin.UserId ? Sessions.Parse(admin.SessionId) : null, cancellationToken);
        return null;
    }

    /// <summary>Bans somebody, which signs them out everywhere at once, or takes that back. What they said stays.</summary>
    /// <returns>Why it was not done, for the person who asked; null when it was.</returns>
    public async Task<string?> SetBannedAsync(ClaimsPrincipal admin, int userId, bool isBanned, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(admin, cancellationToken) is { } refused)
            return refused;
        if (userId == admin.UserId)
            return "You cannot ban yourself.";
        if (isBanned && await db.Admins.AnyAsync(other => other.UserId == userId, cancellationToken))
            return "This is an admin. Take that right away first.";
        DateTime? bannedAt = isBanned ? time.GetUtcNow().UtcDateTime : null;
        await db.Users
            .Where(user => user.Id == userId && !user.IsBot && (user.BannedAt != null) != isBanned)
            .ExecuteUpdateAsync(user => user.SetProperty(u => u.BannedAt, bannedAt), cancellationToken);
        LogBannedSet(admin.UserId, userId, isBanned);
        if (isBanned)
            await sessions.EndAllAsync(userId, except: null, cancellationToken);
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
            return (null, "There is no such person any more.");
        var token = await users.GeneratePasswordResetTokenAsync(user);
        LogPasswordLink(admin.UserId, userId);
        return ($"account/password/{userId}/{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token))}", null);
    }

    private async Task<string?> RefuseAsync(ClaimsPrincipal admin, CancellationToken cancellationToken) =>
        await db.IsAdminAsync(admin, cancellationToken) ? null : AdminRights.Refusal;

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(result.ToString());
    }

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has set whether account {UserId} is an admin: {IsAdmin}")]
    private partial void LogAdminSet(int adminId, int userId, bool isAdmin);

    [LoggerMessage(3, LogLevel.Information, "Account {AdminId} has set whether account {UserId} is banned: {IsBanned}")]
    private partial void LogBannedSet(int adminId, int userId, bool isBanned);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has made a link to a new password for account {UserId}")]
    private partial void LogPasswordLink(int adminId, int userId);
}
