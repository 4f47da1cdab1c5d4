using System.Linq.Expressions;
using System.Security.Claims;
using BlazorChat.Accounts.Audit;
using BlazorChat.Accounts.Bots;
using BlazorChat.Accounts.Naming;
using BlazorChat.Accounts.Registration;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common;
using BlazorChat.Common.Localization;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Admin;

/// <param name="Ending">The key's last characters.</param>
internal sealed record BotKeyView(int Id, string Ending, DateTime CreatedAt, DateTime? LastUsedAt);

internal sealed record BotView(int Id, string Name, IReadOnlyList<string> Rooms, IReadOnlyList<BotKeyView> Keys);

internal sealed record BotRoomView(int Id, string Name);

/// <summary>
/// The commands of admins on bots: create and remove bots and their keys. Each checks the right in the database.
/// </summary>
internal sealed partial class BotDirectory(ChatDbContext db, SessionDirectory sessions, TimeProvider time, ILogger<BotDirectory> logger)
{
    /// <summary>The most bots of a site.</summary>
    public const int MaxBots = 100;

    /// <summary>The most valid keys of a bot.</summary>
    public const int MaxKeys = 10;

    private const int MaxRooms = 500;
    private const int EndingLength = 4;

    /// <summary>The bots by name, with their rooms except direct ones and their valid keys; none for a user who is no admin.</summary>
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
                    .Where(membership => membership.UserId == bot.Id && membership.Room!.Kind != RoomKind.Direct)
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

    /// <summary>The rooms that a new bot can join besides the default ones: open and private ones that the admin sees, by name.</summary>
    public async Task<IReadOnlyList<BotRoomView>> ListRoomsAsync(ClaimsPrincipal admin, CancellationToken cancellationToken)
    {
        if (!await db.IsAdminAsync(admin, cancellationToken))
            return [];
        return await VisibleTo(admin.UserId)
            .Where(room => !room.IsDefault && room.ArchivedAt == null)
            .OrderBy(room => room.NormalizedName)
            .Take(MaxRooms)
            .Select(room => new BotRoomView(room.Id, room.Name))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Creates a bot and its first key. The bot joins the default rooms and the given ones.</summary>
    /// <param name="roomIds">Rooms; those that the admin does not see are ignored.</param>
    /// <returns>The key, which is not stored.</returns>
    /// <exception cref="RefusedException">The user is no admin, the name is invalid or taken, or there are too many bots.</exception>
    public async Task<string> CreateAsync(
        ClaimsPrincipal admin, string? name, IReadOnlyCollection<int> roomIds, CancellationToken cancellationToken)
    {
        var displayName = name?.Trim() ?? "";
        await db.CheckAdminAsync(admin, cancellationToken);
        if (FindProblem(displayName) is { } problem)
            throw new RefusedException(RefusalCode.Invalid, problem);
        if (await DisplayNames.IsTakenAsync(db, NameForms.Of(NameText.Clean(displayName)), exceptId: 0, cancellationToken))
            throw new RefusedException(RefusalCode.Conflict, DisplayNames.Taken);
        if (await Current.CountAsync(cancellationToken) >= MaxBots)
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("TooManyBots", MaxBots));

        var now = time.GetUtcNow().UtcDateTime;
        // This is no email address, so no person has this user name.
        var userName = $"bot:{Guid.NewGuid():N}";
        var bot = new ChatUser
        {
            UserName = userName,
            NormalizedUserName = userName.ToUpperInvariant(),
            DisplayName = displayName,
            Handle = await FreeHandle.FindAsync(db, displayName, cancellationToken),
            SecurityStamp = $"{Guid.NewGuid():N}",
            IsBot = true,
            CreatedAt = now,
        };
        var rooms = await VisibleTo(admin.UserId)
            .Where(room => room.ArchivedAt == null && (room.IsDefault || roomIds.Contains(room.Id)))
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
        await db.AuditAsync(admin, AuditAction.BotCreated, displayName, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        LogBotCreated(admin.UserId, bot.Id);
        return key;
    }

    /// <summary>Creates another key, so that a program can switch to it before the old one is revoked.</summary>
    /// <returns>The key, which is not stored.</returns>
    /// <exception cref="RefusedException">The user is no admin, there is no such bot, or it has too many keys.</exception>
    public async Task<string> CreateKeyAsync(ClaimsPrincipal admin, int botId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        if (await Current.SingleOrDefaultAsync(bot => bot.Id == botId, cancellationToken) is not { } bot)
            throw Gone();
        if (await db.BotKeys.CountAsync(known => known.BotId == botId && known.RevokedAt == null, cancellationToken) >= MaxKeys)
            throw new RefusedException(RefusalCode.Conflict, AdminTexts.Get("TooManyKeys", MaxKeys));
        var now = time.GetUtcNow().UtcDateTime;
        var key = AddKey(admin, bot, now);
        await db.AuditAsync(admin, AuditAction.BotKeyCreated, bot.DisplayName, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        LogKeyCreated(admin.UserId, botId);
        return key;
    }

    /// <summary>
    /// Revokes a key and closes its connections on every node. What a bot has scheduled is not sent when it has no other key.
    /// </summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task RevokeAsync(ClaimsPrincipal admin, int keyId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        await RevokeAsync(admin, key => key.Id == keyId, cancellationToken);
        LogKeyRevoked(admin.UserId, keyId);
    }

    /// <summary>Removes a bot and revokes its keys. Its messages stay.</summary>
    /// <exception cref="RefusedException">The user is no admin, or there is no such bot.</exception>
    public async Task RemoveAsync(ClaimsPrincipal admin, int botId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        // The bot is banned first, so a key that is created concurrently is not valid.
        await db.InTransactionAsync(
            async token =>
            {
                var removed = await Current.Where(bot => bot.Id == botId).ExecuteUpdateAsync(bot => bot.SetProperty(b => b.BannedAt, now), token);
                if (removed == 0)
                    throw Gone();
                await db.AuditAsync(admin, AuditAction.BotRemoved, botId, now, token);
                return removed;
            },
            cancellationToken);
        await RevokeAsync(admin, key => key.BotId == botId, cancellationToken);
        LogBotRemoved(admin.UserId, botId);
    }

    /// <summary>Revokes every key that a person created and therefore knows.</summary>
    /// <exception cref="RefusedException">The user is no admin.</exception>
    public async Task RevokeMadeByAsync(ClaimsPrincipal admin, int userId, CancellationToken cancellationToken)
    {
        await db.CheckAdminAsync(admin, cancellationToken);
        await RevokeAsync(admin, key => key.CreatedById == userId, cancellationToken);
        LogKeysRevoked(admin.UserId, userId);
    }

    private IQueryable<ChatUser> Current => db.Users.Where(user => user.IsBot && user.BannedAt == null);

    private IQueryable<Room> VisibleTo(int userId) => db.Rooms.Where(room => room.Kind != RoomKind.Direct).Where(room =>
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

    private async Task RevokeAsync(ClaimsPrincipal admin, Expression<Func<BotKey, bool>> keys, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var ids = await db.InTransactionAsync(
            async token =>
            {
                var valid = db.BotKeys.Where(keys).Where(key => key.RevokedAt == null);
                // Locked before they are read: of two admins at once, one finds none.
                await valid.ExecuteUpdateAsync(key => key.SetProperty(k => k.RevokedAt, k => k.RevokedAt), token);
                foreach (var bot in await valid.Select(key => key.Bot!.DisplayName).Distinct().ToListAsync(token))
                    await db.AuditAsync(admin, AuditAction.BotKeysRevoked, bot, now, token);
                await valid.ExecuteUpdateAsync(key => key.SetProperty(k => k.RevokedAt, now), token);
                // Without a key a bot writes nothing, also not what it has scheduled. Who replaces a key loses nothing.
                var bots = db.BotKeys.Where(keys).Where(key => !db.BotKeys.Any(other => other.BotId == key.BotId && other.RevokedAt == null)).Select(key => key.BotId);
                await db.ScheduledMessages
                    .Where(scheduled => scheduled.State == ScheduleState.Waiting && bots.Contains(scheduled.AuthorId))
                    .ExecuteUpdateAsync(
                        scheduled => scheduled.SetProperty(s => s.State, ScheduleState.NoAccess).SetProperty(s => s.NextAttemptAt, (DateTime?)null), token);
                return await db.BotKeys.Where(keys).Select(key => key.Id).ToListAsync(token);
            },
            cancellationToken);
        await sessions.EndEverywhereAsync([.. ids.Select(BotSession.Format)]);
    }

    private static LocalText? FindProblem(string name) => name.Length switch
    {
        0 => AdminTexts.Get("BotNameRequired"),
        > ChatUser.MaxDisplayNameLength => AdminTexts.Get("BotNameTooLong", ChatUser.MaxDisplayNameLength),
        _ => NameText.FindProblem(name),
    };

    private static RefusedException Gone() => new(RefusalCode.NotFound, AdminTexts.Get("BotGone"));

    [LoggerMessage(1, LogLevel.Information, "Account {AdminId} has created bot {BotId}")]
    private partial void LogBotCreated(int adminId, int botId);

    [LoggerMessage(2, LogLevel.Information, "Account {AdminId} has created another key for bot {BotId}")]
    private partial void LogKeyCreated(int adminId, int botId);

    [LoggerMessage(3, LogLevel.Information, "Account {AdminId} has revoked bot key {KeyId}")]
    private partial void LogKeyRevoked(int adminId, int keyId);

    [LoggerMessage(5, LogLevel.Information, "Account {AdminId} has revoked the bot keys that account {UserId} created")]
    private partial void LogKeysRevoked(int adminId, int userId);

    [LoggerMessage(4, LogLevel.Information, "Account {AdminId} has removed bot {BotId}")]
    private partial void LogBotRemoved(int adminId, int botId);
}
