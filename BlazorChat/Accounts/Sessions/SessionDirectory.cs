using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Channels.Consumers;
using BlazorChat.Channels.Layer;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Accounts.Sessions;

/// <param name="IsThis">Whether the request is part of this session.</param>
internal sealed record SessionView(Guid Id, string Device, DateTime CreatedAt, DateTime LastSeenAt, bool IsThis);

/// <summary>
/// Lists and ends sessions. Ending deletes the row, then closes the connections of this node, then notifies every other node. A bot's key is
/// a session too (<see cref="BotSession"/>) until it is revoked.
/// </summary>
internal sealed class SessionDirectory(
    IDbContextFactory<ChatDbContext> databases, ConnectionRegistry connections, SessionCache cache, IChannelLayer layer, TimeProvider time)
{
    /// <summary>The most sessions in one event or query.</summary>
    private const int BatchSize = 500;

    /// <summary>The most sessions of one person that are listed.</summary>
    private const int MaxListed = 100;

    /// <summary>The person's own sessions, the last used first.</summary>
    public async Task<IReadOnlyList<SessionView>> ListAsync(ClaimsPrincipal owner, CancellationToken cancellationToken)
    {
        var (ownerId, now, current) = (owner.UserId, Now, Parse(owner.SessionId) ?? Guid.Empty);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.UserSessions
            .Where(session => session.UserId == ownerId && session.ExpiresAt > now)
            .OrderByDescending(session => session.LastSeenAt)
            .Take(MaxListed)
            .Select(session => new SessionView(
                session.Id, session.Device, session.CreatedAt, session.LastSeenAt, session.Id == current))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends one of the person's own sessions; does nothing for another id.</summary>
    public Task EndOwnAsync(ClaimsPrincipal owner, Guid sessionId, CancellationToken cancellationToken)
    {
        var ownerId = owner.UserId;
        return EndAsync(sessions => sessions.Where(session => session.Id == sessionId && session.UserId == ownerId), cancellationToken);
    }

    /// <summary>Ends every session of the person except the one of this request.</summary>
    public Task EndOthersAsync(ClaimsPrincipal owner, CancellationToken cancellationToken) =>
        EndAllAsync(owner.UserId, Parse(owner.SessionId), cancellationToken);

    /// <summary>Ends every session of an account. The caller checks the right to.</summary>
    public Task EndAllAsync(int userId, Guid? except, CancellationToken cancellationToken) =>
        EndAsync(sessions => sessions.Where(session => session.UserId == userId && session.Id != except), cancellationToken);

    /// <summary>Ends the session of a cookie or connection.</summary>
    public Task EndAsync(string sessionId, CancellationToken cancellationToken) => Parse(sessionId) is { } id
        ? EndAsync(sessions => sessions.Where(session => session.Id == id), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Returns the sessions that have ended.</summary>
    public async Task<IReadOnlyList<string>> FindEndedAsync(IReadOnlyCollection<string> sessionIds, CancellationToken cancellationToken)
    {
        var ended = new List<string>();
        foreach (var batch in sessionIds.Chunk(BatchSize))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var signIns = await FindSignInsAsync(db, [.. batch.Select(Parse).OfType<Guid>()], cancellationToken);
            var keys = await FindKeysAsync(db, [.. batch.Select(BotSession.Parse).OfType<int>()], cancellationToken);
            ended.AddRange(batch.Except([.. signIns.Select(Format), .. keys.Select(BotSession.Format)]));
        }

        return ended;
    }

    /// <summary>Writes that these sessions are in use.</summary>
    public async Task TouchAsync(IReadOnlyCollection<string> sessionIds, CancellationToken cancellationToken)
    {
        var now = Now;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var batch in sessionIds.Select(Parse).OfType<Guid>().Chunk(BatchSize))
        {
            await db.UserSessions
                .Where(session => batch.Contains(session.Id))
                .ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, now), cancellationToken);
        }

        foreach (var batch in sessionIds.Select(BotSession.Parse).OfType<int>().Chunk(BatchSize))
        {
            await db.BotKeys
                .Where(key => batch.Contains(key.Id))
                .ExecuteUpdateAsync(key => key.SetProperty(k => k.LastUsedAt, now), cancellationToken);
        }
    }

    /// <summary>Deletes expired sessions and tickets.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await DeleteAsync(db.SignInTickets.Where(ticket => ticket.ExpiresAt <= now).OrderBy(ticket => ticket.ExpiresAt), cancellationToken);
        await DeleteAsync(db.UserSessions.Where(session => session.ExpiresAt <= now).OrderBy(session => session.ExpiresAt), cancellationToken);
    }

    /// <summary>Ends on this node what another node has ended or the database does not have any more.</summary>
    public void EndHere(IReadOnlyCollection<string> sessionIds)
    {
        cache.Remove(sessionIds);
        connections.End(sessionIds);
    }

    /// <summary>Ends on every node what the database does not have any more. It cannot be cancelled.</summary>
    public async Task EndEverywhereAsync(IReadOnlyList<string> sessionIds)
    {
        foreach (var batch in sessionIds.Chunk(BatchSize))
        {
            EndHere(batch);
            await layer.PublishAsync(SessionGroups.All, new SessionsEnded(batch), CancellationToken.None);
        }
    }

    public static string Format(Guid sessionId) => sessionId.ToString("N");

    public static Guid? Parse(string? sessionId) =>
        Guid.TryParseExact(sessionId, "N", out var id) ? id : null;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async Task EndAsync(Func<IQueryable<UserSession>, IQueryable<UserSession>> choose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = await choose(db.UserSessions).Select(session => session.Id).ToListAsync(cancellationToken);
        foreach (var batch in ids.Chunk(BatchSize))
        {
            await db.UserSessions.Where(session => batch.Contains(session.Id)).ExecuteDeleteAsync(cancellationToken);
            await EndEverywhereAsync([.. batch.Select(Format)]);
        }
    }

    /// <summary>Deletes in batches, so that sign-ins do not wait long for a lock.</summary>
    private static async Task DeleteAsync<T>(IQueryable<T> rows, CancellationToken cancellationToken)
    {
        while (await rows.Take(BatchSize).ExecuteDeleteAsync(cancellationToken) == BatchSize)
        {
            // There are more.
        }
    }

    private async Task<IReadOnlyList<Guid>> FindSignInsAsync(ChatDbContext db, Guid[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
            return [];
        var now = Now;
        return await db.UserSessions
            .Where(session => ids.Contains(session.Id) && session.ExpiresAt > now)
            .Select(session => session.Id)
            .ToListAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<int>> FindKeysAsync(ChatDbContext db, int[] ids, CancellationToken cancellationToken) =>
        ids.Length == 0
            ? []
            : await db.BotKeys
                .Where(key => ids.Contains(key.Id) && key.RevokedAt == null && key.Bot!.BannedAt == null)
                .Select(key => key.Id)
                .ToListAsync(cancellationToken);
}
