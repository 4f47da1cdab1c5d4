using System.Security.Claims;
using BlazorChat.Accounts.Bots;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin;

/// <param name="Ending">The key's last characters.</param>
internal sealed record BotKeyView(int Id, string Ending, DateTime CreatedAt, DateTime? LastUsedAt);

internal sealed record BotView(int Id, string Name, IReadOnlyList<string> Rooms, IReadOnlyList<BotKeyView> Keys);

internal sealed record BotRoomView(int Id, string Name);

/// <summary>
/// What admins do about programs: give one an account and a key, take keys back. Who is no admin, by the database, sees nothing
/// and is told so.
/// </summary>
internal sealed partial class BotDirectory(ChatDbContext db, SessionDirectory sessions, TimeProvider time, ILogger<BotDirectory> logger)
{
    /// <summary>The most bots that are listed, and that there may be.</summary>
    public const int MaxBots = 100;

    /// <summary>The most keys that one bot may have at a time.</summary>
    public const int MaxKeys = 10;

    private const int MaxRooms = 500;
    private const int EndingLength = 4;
    private const string Gone = "There is no such bot any more.";

    /// <summary>The bots by name, with the rooms they are in and the keys that work.</summary>
    public async Task<IReadOnlyList<BotView>> ListAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return [];
        return await Current
            .OrderBy(bot => bot.DisplayName)
            .Take(MaxBots)
            .Select(bot => new BotView(
                bot.Id,
                bot.DisplayName,
                db.Memberships
                    .Where(membership => membership.UserId == bot.Id)
                    .OrderBy(membership => membership.Room!.NormalizedName)
                    .Select(membership => membership.Room!.Name)
                    .ToList(),
                db.BotKeys
                    .Where(key => key.BotId == bot.Id && key.RevokedAt == null)
                    .OrderBy(key => key.Id)
                    .Select(key => new BotKeyView(key.Id, key.Ending, key.CreatedAt, key.LastUsedAt))
                    .ToList()))
            .AsSplitQuery()
            .ToListAsync(cancellationToken);
    }

    /// <summary>The rooms that a new bot may be brought into beside those where everybody starts: what the admin sees, by name.</summary>
    public async Task<IReadOnlyList<BotRoomView>> ListRoomsAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return [];
        return await VisibleTo(admin.UserId)
            .Where(room => !room.IsDefault)
            .OrderBy(room => room.NormalizedName)
            .Take(MaxRooms)
            .Select(room => new BotRoomView(room.Id, room.Name))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Makes a bot, a member of the rooms where everybody starts and of these, and its first key.</summary>
    /// <param name="roomIds">Those that the admin does not see are left out.</param>
    /// <returns>The key, which is nowhere to be seen again, or null and why there is none.</returns>
    public async Task<(string? Key, string? Refusal)> CreateAsync(
        ClaimsPrincipal admin, string? name, IReadOnlyCollection<int> roomIds, CancellationToken cancellationToken)
    {
        var displayName = name?.Trim() ?? "";
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return (null, AdminRights.Refusal);
        if (CheckName(displayName) is { } wrong)
            return (null, wrong);
        if (await DisplayNames.IsTakenAsync(db, NameForms.Of(NameText.Clean(displayName)), exceptId: 0, cancellationToken))
            return (null, DisplayNames.Taken);
        if (await Current.CountAsync(cancellationToken) >= MaxBots)
            return (null, $"There are {MaxBots} bots already. Remove one first.");

        var now = time.GetUtcNow().UtcDateTime;
        // No address looks like this, so no person can have the name.
        var userName = $"bot:{Guid.NewGuid():N}";
        var bot = new ChatUser
        {
            UserName = userName,
            NormalizedUserName = userName.ToUpperInvariant(),
            DisplayName = displayName,
            SecurityStamp = $"{Guid.NewGuid():N}",
            IsBot = true,
            CreatedAt = now,
        };
        var rooms = await VisibleTo(admin.UserId)
            .Where(room => room.IsDefault || roomIds.Contains(room.Id))
            .Select(room => new { room.Id, room.LastSequence })
            .ToListAsync(cancellationToken);
        db.Add(bot);
        db.AddRange(rooms.Select(room => new Membership
        {
            RoomId = room.Id,
            User = bot,
            LastReadSequence = room.LastSequence,
            JoinedAt = now,
        }));
        var key = AddKey(admin, bot, now);
        await db.SaveChangesAsync(cancellationToken);
        LogBotMade(admin.UserId, bot.Id);
        return (key, null);
    }

    /// <summary>Makes a further key, so that a program can change over before the old one is revoked.</summary>
    /// <inheritdoc cref="CreateAsync" path="/returns"/>
    public async Task<(string? Key, string? Refusal)> CreateKeyAsync(ClaimsPrincipal admin, int botId, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return (null, AdminRights.Refusal);
        if (await Current.SingleOrDefaultAsync(bot => bot.Id == botId, cancellationToken) is not { } bot)
            return (null, Gone);
        if (await db.BotKeys.CountAsync(known => known.BotId == botId && known.RevokedAt == null, cancellationToken) >= MaxKeys)
            return (null, $"This bot has {MaxKeys} keys already. Revoke one first.");
        var key = AddKey(admin, bot, time.GetUtcNow().UtcDateTime);
        await db.SaveChangesAsync(cancellationToken);
        LogKeyMade(admin.UserId, botId);
        return (key, null);
    }

    /// <summary>Takes a key back, which ends at once what it opened, on every node.</summary>
    /// <returns>Why it was not done, for the person who asked; null when it was.</returns>
    public async Task<string?> RevokeAsync(ClaimsPrincipal admin, int keyId, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return AdminRights.Refusal;
        await RevokeAsync(key => key.Id == keyId, cancellationToken);
        LogKeyRevoked(admin.UserId, keyId);
        return null;
    }

    /// <summary>Takes all keys of a bot back for good. What it said stays.</summary>
    /// <inheritdoc cref="RevokeAsync(ClaimsPrincipal, int, CancellationToken)" path="/returns"/>
    public async Task<string?> RemoveAsync(ClaimsPrincipal admin, int botId, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return AdminRights.Refusal;
        var now = time.GetUtcNow().UtcDateTime;
        // Banned first: a key that is being made at this moment is worth nothing then.
        var removed = await Current
            .Where(bot => bot.Id == botId)
            .ExecuteUpdateAsync(bot => bot.SetProperty(b => b.BannedAt, now), cancellationToken);
        if (removed == 0)
            return Gone;
        await RevokeAsync(key => key.BotId == botId, cancellationToken);
        LogBotRemoved(admin.UserId, botId);
        return null;
    }

    /// <summary>Revokes every key that a person made, and so knows.</summary>
    /// <inheritdoc cref="RevokeAsync(ClaimsPrincipal, int, CancellationToken)" path="/returns"/>
    public async Task<string?> RevokeMadeByAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return AdminRights.Refusal;
        await RevokeAsync(key => key.CreatedById == userId, cancellationToken);
        LogKeysRevoked(admin.UserId, userId);
        return null;
    }

    private IQueryable<ChatUser> Current => db.Users.Where(user => user.IsBot && user.BannedAt == null);

    private IQueryable<Room> VisibleTo(int userId) => db.Rooms.Where(room =>
        room.Kind == RoomKind.Open || db.Memberships.Any(m => m.RoomId == room.Id && m.UserId == userId));

    private string AddKey(ClaimsPrincipal admin, ChatUser bot, DateTime now)
    {
        var key = BotKeys.Create();
        db.Add(new BotKey
        {
            Bot = bot,
            Hash = BotKeys.Hash(key),
            Ending = key[^EndingLength..],
            CreatedById = admin.UserId,
            CreatedAt = now,
        });
        return key;
    }

    private async Task RevokeAsync(System.Linq.Expressions.Expression<Func<BotKey, bool>> choose, CancellationToken cancellationToken)
    {
        var ids = await db.BotKeys.Where(choose).Select(key => key.Id).ToListAsync(cancellationToken);
        DateTime? now = time.GetUtcNow().UtcDateTime;
        await db.BotKeys
            .Where(choose)
            .Where(key => key.RevokedAt == null)
            .ExecuteUpdateAsync(key => key.SetProperty(k => k.RevokedAt, now), cancellationToken);
        await sessions.EndEverywhereAsync([.. ids.Select(BotSession.Format)]);
    }

    private static string? CheckName(string name) => name.Length switch
    {
        0 => "Give the bot a name.",
        > ChatUser.MaxDisplayNameLength => $"A name has at most {ChatUser.MaxDisplayNameLength} characters.",
        _ => NewAccount.CheckName(name, nameof(name)).FirstOrDefault()?.ErrorMessage,
    };

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has made bot {BotId}")]
    private partial void LogBotMade(int adminId, int botId);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has made a further key for bot {BotId}")]
    private partial void LogKeyMade(int adminId, int botId);

    [LoggerMessage(3, LogLevel.Information, "Account {AdminId} has revoked bot key {KeyId}")]
    private partial void LogKeyRevoked(int adminId, int keyId);

    [LoggerMessage(5, LogLevel.Information, "Account {AdminId} has revoked the bot keys that account {UserId} made")]
    private partial void LogKeysRevoked(int adminId, int userId);

    [LoggerMessage(4, LogLevel.Information, "Account {AdminId} has removed bot {BotId}")]
    private partial void LogBotRemoved(int adminId, int botId);
}
