namespace BlazorChat.Feeds;

/// <summary>
/// One feed on one node, shared by all its followers there. It orders changes by revision, waits briefly when a revision is missing, reads a
/// revision that stays missing from the database, and holds the newest changes in a ring. A follower holds only the revision that it has
/// reached. Thread-safe; no callback runs under its lock.
/// </summary>
internal sealed class Feed<TChange> : IDisposable
    where TChange : IFeedChange
{
    /// <summary>The number of changes in a page of the ring.</summary>
    private const int PageSize = 256;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, TChange> _early = [];
    private readonly FeedWaitList _waiting = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly FeedContext<TChange> _context;
    private FeedRing<TChange>? _ring;
    private (long After, long At, FeedPage<TChange> Page)? _newest;
    private bool _isWaiting;
    private bool _isRepairing;
    private bool _mustRepair;

    public Feed(int id, FeedContext<TChange> context)
    {
        Id = id;
        _context = context;
        _ended = _ending.Token;
    }

    public int Id { get; }

    /// <summary>The number of followers on this node. <see cref="FeedHost{TChange}"/> changes it under its own lock.</summary>
    public int Followers { get; set; }

    /// <summary>Completes when the feed is subscribed and has read its revision. <see cref="FeedHost{TChange}"/> sets it.</summary>
    public Task? Started { get; set; }

    /// <summary>The revision up to which the feed has every change.</summary>
    public long Revision { get; private set; }

    /// <summary>Completes when the feed has changes after a revision.</summary>
    /// <exception cref="OperationCanceledException">The waiter's token was cancelled; the returned task throws it.</exception>
    public ValueTask WaitAsync(FeedWaiter waiter, long revision)
    {
        lock (_gate)
        {
            if (Revision > revision)
                return ValueTask.CompletedTask;
            _waiting.Add(waiter);
            return waiter.WaitAsync();
        }
    }

    /// <summary>Removes a waiter whose follower has ended.</summary>
    public void RemoveWaiter(FeedWaiter waiter)
    {
        lock (_gate)
            _waiting.Remove(waiter);
    }

    /// <summary>Starts the feed at the revision of the database, after the node has subscribed to the group.</summary>
    public void Start(long revision)
    {
        lock (_gate)
        {
            _ring = new FeedRing<TChange>(_context.Options.RingCapacity, revision);
            Revision = revision;
            AppendEarly();
            WaitForHole();
        }
    }

    /// <summary>Receives a published change. A change that the feed has already is ignored.</summary>
    public void Receive(TChange change)
    {
        lock (_gate)
        {
            if (_ring is not null && change.Revision <= Revision)
                return;
            if (_early.Count >= _context.Options.RingCapacity)
            {
                // Too many changes wait for a missing one. The database has them all.
                _early.Clear();
                if (_ring is not null)
                    RequestRepair();
            }

            _early[change.Revision] = change;
            if (_ring is null)
                return;
            AppendEarly();
            WaitForHole();
        }
    }

    /// <summary>Reads the changes after a revision from the ring; null when the ring starts later.</summary>
    public FeedPage<TChange>? TryRead(long revision)
    {
        lock (_gate)
        {
            // Most followers are up to date and ask for the same page.
            if (_newest is { } newest && newest.After == revision && newest.At == Revision)
                return newest.Page;
            if (revision < _ring!.Start)
                return null;
            var page = Read(revision);
            _newest = (revision, Revision, page);
            return page;
        }
    }

    /// <summary>The revision after which the ring starts.</summary>
    public long RingStart
    {
        get
        {
            lock (_gate)
                return _ring!.Start;
        }
    }

    /// <summary>Starts to read the missing changes from the database. Requests during a read are combined into one further read.</summary>
    public void RequestRepair()
    {
        lock (_gate)
        {
            _mustRepair = true;
            if (_isRepairing)
                return;
            _isRepairing = true;
        }

        _ = RepairAsync();
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private FeedPage<TChange> Read(long revision)
    {
        var changes = _ring!.After(revision, PageSize);
        if (changes.Length == 0)
            return new FeedPage<TChange>(changes, Math.Max(revision, Revision), HasMore: false);
        var last = changes[^1].Revision;
        return new FeedPage<TChange>(changes, last, HasMore: last < Revision);
    }

    /// <summary>Moves consecutive changes from the early ones into the ring.</summary>
    private void AppendEarly()
    {
        var before = Revision;
        while (_early.Count > 0)
        {
            var (revision, change) = _early.First();
            if (revision > Revision + 1)
                break;
            _early.Remove(revision);
            if (revision <= Revision)
                continue;
            _ring!.Append(change);
            Revision = revision;
        }

        if (Revision != before)
            _waiting.Wake();
    }

    private void WaitForHole()
    {
        if (_early.Count == 0 || _isWaiting || _isRepairing)
            return;
        _isWaiting = true;
        _ = WaitForHoleAsync();
    }

    private async Task WaitForHoleAsync()
    {
        try
        {
            await Task.Delay(_context.Options.ReorderWait, _context.Time, _ended);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_gate)
        {
            _isWaiting = false;
            if (_early.Count == 0)
                return;
        }

        RequestRepair();
    }

    private async Task RepairAsync()
    {
        var retryDelay = TimeSpan.FromMilliseconds(250);
        while (!_ended.IsCancellationRequested)
        {
            lock (_gate)
            {
                if (!_mustRepair)
                {
                    _isRepairing = false;
                    WaitForHole();
                    return;
                }

                _mustRepair = false;
            }

            try
            {
                await ReadMissingAsync(_ended);
                retryDelay = TimeSpan.FromMilliseconds(250);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Followers get nothing newer until the read succeeds, so they lose no change.
                FeedLog.RepairFailed(_context.Logger, exception, _context.Source.GroupOf(Id));
                lock (_gate)
                    _mustRepair = true;
                await Task.Delay(retryDelay, _context.Time, CancellationToken.None);
                retryDelay = retryDelay * 2 < MaxRetryDelay ? retryDelay * 2 : MaxRetryDelay;
            }
        }
    }

    private async Task ReadMissingAsync(CancellationToken cancellationToken)
    {
        await _context.Repairs.WaitAsync(cancellationToken);
        try
        {
            // Changes are published after their commit, so the database has every change that arrived before the read.
            long newest;
            lock (_gate)
                newest = _early.Count == 0 ? 0 : _early.Keys.Max();
            FeedPage<TChange> page;
            do
            {
                page = await _context.Source.ReadAsync(Id, Revision, cancellationToken);
                AppendPage(page);
            }
            while (page.HasMore);
            DropUnknown(newest);
        }
        finally
        {
            _context.Repairs.Release();
        }
    }

    private void AppendPage(FeedPage<TChange> page)
    {
        lock (_gate)
        {
            var before = Revision;
            foreach (var change in page.Changes.Where(change => change.Revision > Revision))
            {
                _ring!.Append(change);
                Revision = change.Revision;
            }

            Revision = Math.Max(Revision, page.Revision);
            if (Revision != before)
                _waiting.Wake();
            AppendEarly();
        }
    }

    /// <summary>Drops changes that the database does not have: they were never committed, or belong to another history.</summary>
    private void DropUnknown(long newest)
    {
        lock (_gate)
        {
            foreach (var revision in _early.Keys.Where(revision => revision <= newest).ToArray())
            {
                FeedLog.UnknownChange(_context.Logger, _context.Source.GroupOf(Id), revision);
                _early.Remove(revision);
            }
        }
    }
}
