using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BlazorChat.Accounts.Limits;
using BlazorChat.Accounts.Rights;
using BlazorChat.Accounts.Sessions;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Notifications;
using BlazorChat.Notifications.Push;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Notifications.Devices;

/// <param name="Name">The device of the session: "Firefox on Windows".</param>
/// <param name="IsThis">Whether the request is part of its session.</param>
internal sealed record DeviceView(Guid Id, string Name, DateTime CreatedAt, bool IsThis);

/// <summary>
/// The browsers that show a person's notifications. Each belongs to the session that has registered it, and a session has one. Every command counts
/// against <see cref="CommandLimit"/>.
/// </summary>
internal sealed class PushDevices(
    IDbContextFactory<ChatDbContext> databases, PushHosts hosts, IPushSender sender, CommandLimit commands, TimeProvider time)
{
    public const int MaxDevices = 20;

    /// <summary>The person is looking at the device.</summary>
    private static readonly TimeSpan TestTimeToLive = TimeSpan.FromMinutes(5);

    /// <summary>The person's devices, the newest first.</summary>
    public async Task<IReadOnlyList<DeviceView>> ListAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var (userId, sessionId, now) = (person.UserId, SessionOf(person), Now);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.PushDevices
            .Where(device => device.UserId == userId && device.Session!.ExpiresAt > now)
            .OrderByDescending(device => device.CreatedAt)
            .Select(device => new DeviceView(device.Id, Device.Show(device.Session!.Device), device.CreatedAt, device.SessionId == sessionId))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The hash of the address of the session's device; null when the session has none.</summary>
    public async Task<byte[]?> FindCurrentAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        var (userId, sessionId) = (person.UserId, SessionOf(person));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.PushDevices
            .Where(device => device.UserId == userId && device.SessionId == sessionId)
            .Select(device => device.EndpointHash)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Registers the browser of the person's session. A subscription belongs to one account: to that of the last person who registered it.
    /// </summary>
    /// <exception cref="RefusedException">The host is not allowed or has no public address, the person has too many devices, the session has ended, or too many commands.</exception>
    public async Task RegisterAsync(ClaimsPrincipal person, PushTarget browser, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        if (SessionOf(person) is not { } sessionId)
            throw new RefusedException(RefusalCode.Forbidden, NotificationTexts.Get("DeviceNeedsSession"));
        if (!await hosts.CanRegisterAsync(browser.Endpoint, cancellationToken))
            throw new RefusedException(RefusalCode.Invalid, NotificationTexts.Get("PushServiceRefused"));
        var device = new PushDevice
        {
            Id = Guid.CreateVersion7(),
            UserId = person.UserId,
            SessionId = sessionId,
            Endpoint = browser.Endpoint.AbsoluteUri,
            EndpointHash = SHA256.HashData(Encoding.UTF8.GetBytes(browser.Endpoint.AbsoluteUri)),
            PublicKey = browser.PublicKey,
            AuthSecret = browser.AuthSecret,
            CreatedAt = Now,
        };
        try
        {
            await databases.InTransactionAsync((db, token) => SaveAsync(db, device, token), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Two accounts registered one browser at the same time, or the session has just ended.
            throw new RefusedException(RefusalCode.Conflict, NotificationTexts.Get("DeviceNotSaved"));
        }
    }

    /// <summary>Removes one of the person's devices; does nothing for another id.</summary>
    /// <exception cref="RefusedException">Too many commands.</exception>
    public async Task RemoveAsync(ClaimsPrincipal person, Guid deviceId, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        await DeleteAsync(person.UserId, deviceId, cancellationToken);
    }

    /// <summary>Sends a notification to one of the person's devices. One that has gone is removed.</summary>
    /// <exception cref="RefusedException">The person has no such device, or too many commands.</exception>
    public async Task<PushOutcome> TestAsync(ClaimsPrincipal person, Guid deviceId, CancellationToken cancellationToken)
    {
        commands.Acquire(person);
        var (userId, now) = (person.UserId, Now);
        PushDevice device;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            device = await db.PushDevices.AsNoTracking().SingleOrDefaultAsync(
                    known => known.Id == deviceId && known.UserId == userId && known.Session!.ExpiresAt > now, cancellationToken)
                ?? throw new RefusedException(RefusalCode.NotFound, NotificationTexts.Get("DeviceGone"));
        }

        var payload = new PushPayload
        {
            Kind = PushKind.Test,
            Tag = "test",
            Title = NotificationTexts.Get("TestTitle").ToString(),
            Body = NotificationTexts.Get("TestBody").ToString(),
            Url = "/account/notifications",
        };
        var target = new PushTarget(new Uri(device.Endpoint), device.PublicKey, device.AuthSecret);
        var result = await sender.SendAsync(target, payload.ToMessage(TestTimeToLive, isUrgent: true), cancellationToken);
        if (result.Outcome == PushOutcome.Gone)
            await DeleteAsync(userId, deviceId, CancellationToken.None);
        return result.Outcome;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Null for a bot.</summary>
    private static Guid? SessionOf(ClaimsPrincipal person) => SessionDirectory.Parse(person.SessionId);

    private async Task<bool> SaveAsync(ChatDbContext db, PushDevice device, CancellationToken cancellationToken)
    {
        var (userId, sessionId, hash) = (device.UserId, device.SessionId, device.EndpointHash);
        // Writing the person's row first locks it, so that simultaneous registrations do not exceed the number of devices.
        await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
            user => user.SetProperty(u => u.CreatedAt, u => u.CreatedAt), cancellationToken);
        var now = Now;
        if (!await db.UserSessions.AnyAsync(
                session => session.Id == sessionId && session.UserId == userId && session.ExpiresAt > now, cancellationToken))
            throw new RefusedException(RefusalCode.Forbidden, NotificationTexts.Get("DeviceNeedsSession"));
        // Registered again by the same person it is the same device, so that nothing that waits for it is lost.
        var known = await db.PushDevices.Where(
            other => other.EndpointHash == hash && other.UserId == userId).Select(other => other.Id).SingleOrDefaultAsync(cancellationToken);
        await db.PushDevices.Where(other => other.Id != known && (other.EndpointHash == hash || other.SessionId == sessionId))
            .ExecuteDeleteAsync(cancellationToken);
        if (known != Guid.Empty)
        {
            await db.PushDevices.Where(same => same.Id == known).ExecuteUpdateAsync(
                same => same
                    .SetProperty(d => d.SessionId, sessionId)
                    .SetProperty(d => d.PublicKey, device.PublicKey)
                    .SetProperty(d => d.AuthSecret, device.AuthSecret),
                cancellationToken);
            return true;
        }

        if (await db.PushDevices.CountAsync(other => other.UserId == userId, cancellationToken) >= MaxDevices)
            throw new RefusedException(RefusalCode.Full, NotificationTexts.Get("TooManyDevices", MaxDevices));
        db.Add(device);
        return true;
    }

    private async Task DeleteAsync(int userId, Guid deviceId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.PushDevices.Where(device => device.Id == deviceId && device.UserId == userId).ExecuteDeleteAsync(cancellationToken);
    }
}
