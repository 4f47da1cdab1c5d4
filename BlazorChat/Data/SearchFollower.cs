using BlazorChat.Common;
using BlazorChat.Data.Entities;
using BlazorChat.Data.Search;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Data;

/// <summary>A source whose texts are indexed: a room or a liveblog.</summary>
internal sealed record SearchSource
{
    public required int Id { get; init; }

    /// <summary>Its newest revision.</summary>
    public required long Revision { get; init; }

    /// <summary>Whether everyone may find its texts.</summary>
    public required bool IsOpen { get; init; }
}

/// <summary>The state of a message or a post after its newest change.</summary>
/// <param name="Revision">The revision of its source at this change.</param>
/// <param name="Terms">Null when it is deleted.</param>
internal sealed record SearchChange(long Id, long Revision, IReadOnlyList<string>? Terms);

/// <summary>
/// Writes what has changed into the index, after it was committed. How far it is in each source is a row that the same transaction changes, so a
/// node that is killed loses and repeats nothing. Every node runs it: of two that write the same, the second one skips it. While people write, it
/// works for a ninth of the time at most, however much there is to do, so that they wait little.
/// </summary>
internal abstract partial class SearchFollower(
    IDbContextFactory<ChatDbContext> databases, SearchKind kind, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>The number of changes that one transaction writes.</summary>
    internal const int BatchSize = 200;

    /// <summary>The number of changes from which a log line reports that the index is behind.</summary>
    private const int CatchUp = 10 * BatchSize;

    /// <summary>How many times longer than a batch the pause after it is, while people write.</summary>
    private const int PauseFactor = 8;

    /// <summary>Changes that follow each other are written together.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    /// <summary>How soon changes are found whose node was stopped before it wrote them.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Signal _changed = new();
    private bool _isCatchingUp;
    private volatile bool _isBusy;

    /// <summary>Called after a change was committed.</summary>
    public void Notify()
    {
        _isBusy = true;
        _changed.Set();
    }

    /// <summary>The sources that exist.</summary>
    protected abstract IQueryable<SearchSource> Sources(ChatDbContext db);

    /// <summary>Reads the next changes of a source, in the order of their revisions.</summary>
    protected abstract Task<IReadOnlyList<SearchChange>> ReadAsync(
        ChatDbContext db, SearchSource source, long afterRevision, int count, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
                await _changed.WaitAsync(Interval, stoppingToken);
                await Task.Delay(Delay, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A full disk is logged once, by what guards it.
                if (!DiskFull.Is(exception))
                    LogFailed(logger, exception, kind);
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _isBusy = false;
            var began = time.GetTimestamp();
            if (!await WriteBatchAsync(cancellationToken))
                return;
            await Task.Delay(time.GetElapsedTime(began) * (_isBusy ? PauseFactor : 1), time, cancellationToken);
        }
    }

    /// <summary>Writes the next changes, those of sources with the fewest first.</summary>
    /// <returns>False when there was nothing to write.</returns>
    internal async Task<bool> WriteBatchAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var steps = new List<Step>();
        var left = BatchSize;
        var behind = await FindBehindAsync(db, cancellationToken);
        foreach (var (source, position) in behind)
        {
            if (left <= 0)
                break;
            var step = await ReadStepAsync(db, source, position, left, cancellationToken);
            steps.Add(step);
            left -= step.Changes.Count;
        }

        LogProgress(behind.Sum(row => row.Source.Revision - (row.Position?.Revision ?? 0)));
        if (steps.Count == 0)
            return false;
        await db.InTransactionAsync(token => WriteAsync(db, steps, token), cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<(SearchSource Source, SearchPosition? Position)>> FindBehindAsync(ChatDbContext db, CancellationToken cancellationToken)
    {
        var behind =
            from source in Sources(db)
            from position in db.SearchPositions.Where(p => p.Kind == kind && p.SourceId == source.Id).DefaultIfEmpty()
            where position == null ? source.Revision > 0 : position.Revision < source.Revision || position.IsOpen != source.IsOpen
            orderby source.Revision - (position == null ? 0 : position.Revision)
            select new { source, position };
        var found = await behind.AsNoTracking().Take(BatchSize).ToListAsync(cancellationToken);
        return [.. found.Select(row => (row.source, (SearchPosition?)row.position))];
    }

    private async Task<Step> ReadStepAsync(
        ChatDbContext db, SearchSource source, SearchPosition? before, int count, CancellationToken cancellationToken)
    {
        // The entries of a source that became private, or open, are written again in their new scope.
        var isRescoped = before is not null && before.IsOpen != source.IsOpen;
        var revision = isRescoped ? 0 : before?.Revision ?? 0;
        var rescopedUntil = isRescoped ? Math.Max(before!.Revision, before.RescopedUntil ?? 0) : before?.RescopedUntil;
        var changes = await ReadAsync(db, source, revision, count, cancellationToken);
        // Without more changes every revision of the source is in the index, also those that changed no text.
        var reached = changes.Count < count ? Math.Max(source.Revision, changes is [.., var last] ? last.Revision : 0) : changes[^1].Revision;
        return new Step(source, before, changes, new SearchPosition
        {
            Kind = kind,
            SourceId = source.Id,
            Revision = reached,
            IsOpen = source.IsOpen,
            RescopedUntil = rescopedUntil > reached ? rescopedUntil : null,
        });
    }

    private async Task<bool> WriteAsync(ChatDbContext db, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var ids = steps.Select(step => step.Source.Id).ToArray();
        var existing = await Sources(db).Where(source => ids.Contains(source.Id)).Select(source => source.Id).ToListAsync(cancellationToken);
        var written = new List<Step>();
        foreach (var step in steps.Where(step => existing.Contains(step.Source.Id)))
        {
            if (await MoveAsync(db, step, cancellationToken))
                written.Add(step);
        }

        var changes = written.SelectMany(step => step.Changes.Select(change => (step.Source, Change: change))).ToArray();
        await db.SearchIndex.RemoveAsync(
            kind, [.. changes.Where(row => row.Change.Terms is null).Select(row => row.Change.Id)], cancellationToken);
        await db.SearchIndex.ReplaceAsync(
            kind,
            [
                .. from row in changes
                   where row.Change.Terms is not null
                   select new SearchEntry(row.Change.Id, SearchScope.Of(row.Source.Id, row.Source.IsOpen), row.Change.Terms!),
            ],
            cancellationToken);
        return true;
    }

    /// <returns>False when another node has moved the position.</returns>
    private static async Task<bool> MoveAsync(ChatDbContext db, Step step, CancellationToken cancellationToken)
    {
        var after = step.After;
        if (step.Before is not { } before)
        {
            if (await db.SearchPositions.AnyAsync(p => p.Kind == after.Kind && p.SourceId == after.SourceId, cancellationToken))
                return false;
            db.Add(after);
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }

        var moved = await db.SearchPositions
            .Where(p => p.Kind == after.Kind && p.SourceId == after.SourceId && p.Revision == before.Revision && p.IsOpen == before.IsOpen)
            .ExecuteUpdateAsync(
                p => p.SetProperty(x => x.Revision, after.Revision)
                    .SetProperty(x => x.IsOpen, after.IsOpen)
                    .SetProperty(x => x.RescopedUntil, after.RescopedUntil),
                cancellationToken);
        return moved > 0;
    }

    private void LogProgress(long left)
    {
        if (!_isCatchingUp && left > CatchUp)
            LogBegun(logger, kind, left);
        else if (_isCatchingUp && left == 0)
            LogDone(logger, kind);
        _isCatchingUp = left > CatchUp || (_isCatchingUp && left > 0);
    }

    [LoggerMessage(2, LogLevel.Information, "The index of {Kind} is {Left} changes behind and catches up while the app runs")]
    private static partial void LogBegun(ILogger logger, SearchKind kind, long left);

    [LoggerMessage(3, LogLevel.Information, "The index of {Kind} has caught up")]
    private static partial void LogDone(ILogger logger, SearchKind kind);

    [LoggerMessage(1, LogLevel.Error, "The index of {Kind} could not be written; it is tried again in a few seconds")]
    private static partial void LogFailed(ILogger logger, Exception exception, SearchKind kind);

    private sealed record Step(SearchSource Source, SearchPosition? Before, IReadOnlyList<SearchChange> Changes, SearchPosition After);
}
