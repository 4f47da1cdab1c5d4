using BlazorChat.Attachments.Thumbnails;
using BlazorChat.Common;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Links;
using BlazorChat.Rooms.Links;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorChat.Rooms.Previews;

/// <summary>A link that waits for its preview.</summary>
/// <param name="Lookup">Of its address; null when none was begun.</param>
internal sealed record DueLink(int RoomId, long Sequence, string Key, string Address, int AuthorId, LinkLookup? Lookup);

/// <summary>A lookup that this node has begun. No other node begins it before the lease ends.</summary>
internal sealed record LookupLease(string Key, DateTime Until, int Attempts);

/// <summary>The rows of links that wait, and of lookups that nodes share.</summary>
internal sealed class LinkLookups(IDbContextFactory<ChatDbContext> databases, IOptions<LinkPreviewOptions> options, TimeProvider time)
{
    /// <summary>Links that one step reads.</summary>
    internal const int BatchSize = 64;

    /// <summary>How long a page that was found is shown in new messages without another look.</summary>
    internal static readonly TimeSpan KeepFound = TimeSpan.FromDays(7);

    internal static readonly TimeSpan KeepNothing = TimeSpan.FromDays(1);

    /// <summary>The delay of links whose author has begun many lookups.</summary>
    internal static readonly TimeSpan PersonDelay = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan PersonPeriod = TimeSpan.FromMinutes(1);

    /// <summary>What a lookup takes besides its requests.</summary>
    private static readonly TimeSpan Extra = TimeSpan.FromSeconds(25);

    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.Value.Timeout) + Extra;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Reads some of the links that are due, the longest due first.</summary>
    public async Task<IReadOnlyList<DueLink>> ReadDueAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Join(db, db.MessageLinks.Where(link => link.DueAt <= now).OrderBy(link => link.DueAt)).ToListAsync(cancellationToken);
    }

    /// <summary>Reads some of the links to an address that wait, due or not.</summary>
    public async Task<IReadOnlyList<DueLink>> ReadWaitingAsync(string key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Join(db, db.MessageLinks.Where(link => link.AddressKey == key && link.DueAt != null).OrderBy(link => link.DueAt)).ToListAsync(cancellationToken);
    }

    /// <summary>The previews with these ids that are stored.</summary>
    public async Task<IReadOnlyDictionary<Guid, LinkPreview>> ReadAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return new Dictionary<Guid, LinkPreview>();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.LinkPreviews.AsNoTracking().Where(preview => ids.Contains(preview.Id)).ToDictionaryAsync(preview => preview.Id, cancellationToken);
    }

    /// <summary>Whether the messages of a person have begun as many lookups within a minute as they may.</summary>
    public async Task<bool> IsOverLimitAsync(int personId, CancellationToken cancellationToken)
    {
        var since = Now - PersonPeriod;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.LinkLookups.CountAsync(lookup => lookup.RequestedById == personId && lookup.BegunAt > since, cancellationToken)
            >= options.Value.PerPersonAndMinute;
    }

    /// <summary>Whether another picture may be stored; nodes that ask at once may store a few more.</summary>
    public async Task<bool> HasRoomAsync(ScaledPicture picture, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var used = await db.LinkPreviews.Where(preview => preview.PictureHash != null)
            .SumAsync(preview => (long)preview.PictureWidth * preview.PictureHeight, cancellationToken);
        return used + ((long)picture.Width * picture.Height) <= options.Value.MaxPictureBytes;
    }

    /// <summary>Begins the lookup of an address. Its attempt counts now, so that a page that stops its nodes is given up.</summary>
    /// <returns>Null when another node has begun it, or has ended it.</returns>
    public async Task<LookupLease?> TryBeginAsync(DueLink link, CancellationToken cancellationToken)
    {
        var (key, now, personId) = (link.Key, Now, link.AuthorId);
        var until = Leases.EndOf(_lease, now);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (link.Lookup is null)
        {
            if (!await TryAddAsync(db, new LinkLookup { AddressKey = key, LeasedUntil = until, Attempts = 1, RequestedById = personId, BegunAt = now }, cancellationToken))
                return null;
        }
        else
        {
            var begun = await db.LinkLookups
                .Where(lookup => lookup.AddressKey == key && lookup.LeasedUntil <= now && (lookup.ExpiresAt == null || lookup.ExpiresAt <= now))
                .ExecuteUpdateAsync(
                    lookup => lookup
                        .SetProperty(l => l.LeasedUntil, until)
                        .SetProperty(l => l.Attempts, l => l.Attempts + 1)
                        .SetProperty(l => l.RequestedById, personId)
                        .SetProperty(l => l.BegunAt, now),
                    cancellationToken);
            if (begun == 0)
                return null;
        }

        await DelayAsync(db, [key], until, cancellationToken);
        return new LookupLease(key, until, 1 + (link.Lookup?.Attempts ?? 0));
    }

    /// <summary>Stores what was found; null for nothing.</summary>
    /// <returns>False when the lease has ended, and another node has begun the lookup.</returns>
    public Task<bool> FinishAsync(LookupLease lease, LinkPreview? found, CancellationToken cancellationToken)
    {
        var now = Now;
        var (expires, id) = (now + (found is null ? KeepNothing : KeepFound), found?.Id);
        return databases.InTransactionAsync(
            async (db, token) =>
            {
                var held = await db.LinkLookups
                    .Where(lookup => lookup.AddressKey == lease.Key && lookup.LeasedUntil == lease.Until)
                    .ExecuteUpdateAsync(
                        lookup => lookup
                            .SetProperty(l => l.LeasedUntil, now)
                            .SetProperty(l => l.Attempts, 0)
                            .SetProperty(l => l.ExpiresAt, expires)
                            .SetProperty(l => l.PreviewId, id),
                        token);
                if (held > 0 && found is not null)
                    db.Add(found);
                return held > 0;
            },
            cancellationToken);
    }

    /// <summary>Ends a lookup that may succeed later.</summary>
    public async Task RetryAsync(LookupLease lease, TimeSpan delay, CancellationToken cancellationToken)
    {
        var until = Now + delay;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var held = await db.LinkLookups
            .Where(lookup => lookup.AddressKey == lease.Key && lookup.LeasedUntil == lease.Until)
            .ExecuteUpdateAsync(lookup => lookup.SetProperty(l => l.LeasedUntil, until), cancellationToken);
        if (held > 0)
            await db.MessageLinks.Where(link => link.AddressKey == lease.Key && link.DueAt != null)
                .ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, until), cancellationToken);
    }

    /// <summary>Delays links that are due.</summary>
    public async Task DelayAsync(IReadOnlyCollection<string> keys, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await DelayAsync(db, keys, Now + delay, cancellationToken);
    }

    /// <summary>Delays links of people that are due, as many as one step reads.</summary>
    public async Task DelayAsync(IReadOnlyCollection<int> authorIds, CancellationToken cancellationToken)
    {
        if (authorIds.Count == 0)
            return;
        var (now, until) = (Now, Now + PersonDelay);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.MessageLinks.Where(link => authorIds.Contains(link.AuthorId) && link.DueAt <= now).OrderBy(link => link.DueAt).Take(BatchSize)
            .ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, until), cancellationToken);
    }

    /// <summary>Ends the wait of links to addresses where nothing is.</summary>
    public async Task SettleAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.MessageLinks.Where(link => keys.Contains(link.AddressKey) && link.DueAt != null)
            .ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, (DateTime?)null), cancellationToken);
    }

    /// <summary>Ends the wait of one link.</summary>
    public async Task SettleAsync(DueLink due, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.MessageLinks.Where(link => link.RoomId == due.RoomId && link.Sequence == due.Sequence && link.AddressKey == due.Key)
            .ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, (DateTime?)null), cancellationToken);
    }

    private static IQueryable<DueLink> Join(ChatDbContext db, IOrderedQueryable<MessageLink> links) =>
        from link in links.AsNoTracking().Take(BatchSize)
        join lookup in db.LinkLookups.AsNoTracking() on link.AddressKey equals lookup.AddressKey into lookups
        from lookup in lookups.DefaultIfEmpty()
        select new DueLink(link.RoomId, link.Sequence, link.AddressKey, link.Address, link.AuthorId, lookup);

    private async Task DelayAsync(ChatDbContext db, IReadOnlyCollection<string> keys, DateTime until, CancellationToken cancellationToken)
    {
        var now = Now;
        await db.MessageLinks.Where(link => keys.Contains(link.AddressKey) && link.DueAt <= now)
            .ExecuteUpdateAsync(link => link.SetProperty(l => l.DueAt, until), cancellationToken);
    }

    private static async Task<bool> TryAddAsync(ChatDbContext db, LinkLookup lookup, CancellationToken cancellationToken)
    {
        db.Add(lookup);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            db.ChangeTracker.Clear();
            if (!await db.LinkLookups.AnyAsync(known => known.AddressKey == lookup.AddressKey, cancellationToken))
                throw;
            return false;
        }
    }
}
