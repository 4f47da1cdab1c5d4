using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Channels.Consumers;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorChat.Accounts.Bots;

/// <summary>
/// Finds the bot of a key. The database has the hash of the key only. The session of a key is cached like those of people.
/// </summary>
internal sealed class BotKeys(
    IDbContextFactory<ChatDbContext> databases, IServiceScopeFactory scopes, SessionDirectory sessions, SessionCache cache, TimeProvider time)
    : IDisposable
{
    private const string Prefix = "bc_";
    private const int RandomBytes = 32;
    private const int Capacity = 10_000;

    private static readonly int Length = Prefix.Length + Base64Url.GetEncodedLength(RandomBytes);
    private static readonly TimeSpan UsedPrecision = TimeSpan.FromMinutes(5);

    /// <summary>The session of a hash, which never changes. <see cref="SessionCache"/> knows whether it has ended.</summary>
    private readonly MemoryCache _sessionIds = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The bot of a key, which is never an admin; null for a key that is revoked or does not exist.</summary>
    public async Task<AuthenticationTicket?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (key.Length != Length || !key.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var hash = Hash(key);
        var ticket = _sessionIds.TryGetValue(Convert.ToHexString(hash), out string? sessionId)
            ? await cache.GetAsync(sessionId!, token => ReadAsync(hash, token), cancellationToken)
            : await ReadAsync(hash, cancellationToken);
        return ticket is null ? null : TicketSerializer.Default.Deserialize(ticket);
    }

    public void Dispose() => _sessionIds.Dispose();

    private async Task<byte[]?> ReadAsync(byte[] hash, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var key = await db.BotKeys.AsNoTracking()
            .Where(known => known.Hash == hash && known.RevokedAt == null)
            .Where(known => known.Bot!.IsBot && known.Bot.BannedAt == null)
            .Select(known => new { known.Id, known.LastUsedAt, Bot = known.Bot! })
            .SingleOrDefaultAsync(cancellationToken);
        if (key is null)
            return null;

        var sessionId = BotSession.Format(key.Id);
        if (time.GetUtcNow().UtcDateTime - key.LastUsedAt is not { } age || age > UsedPrecision)
            await sessions.TouchAsync([sessionId], cancellationToken);
        var ticket = TicketSerializer.Default.Serialize(new AuthenticationTicket(await CreateUserAsync(key.Bot, sessionId), BotKeyHandler.SchemeName));
        _sessionIds.Set(
            Convert.ToHexString(hash), sessionId, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromHours(1) });
        return ticket;
    }

    private async Task<ClaimsPrincipal> CreateUserAsync(ChatUser bot, string sessionId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var factory = scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<ChatUser>>();
        var original = (ClaimsIdentity)(await factory.CreateAsync(bot)).Identity!;
        var identity = new ClaimsIdentity(
            original.Claims.Where(claim => claim.Type != original.RoleClaimType), BotKeyHandler.SchemeName, original.NameClaimType, original.RoleClaimType);
        identity.AddClaim(new Claim(ConnectionRegistry.SessionClaim, sessionId));
        return new ClaimsPrincipal(identity);
    }
}
