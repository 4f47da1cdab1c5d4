namespace BlazorChat.Feeds;

/// <summary>
/// One feed on one node, shared by all who follow it here. It puts changes in order, waits briefly on a hole, repairs a real
/// one from the database, and keeps the newest changes at hand. Followers hold nothing but the revision they have come to.
/// </summary>
internal sealed class Feed<TChange> : IDisposable
    where TChange : IFeedChange
{
    /// <summary>Changes handed over at once.</summary>
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

    /// <summary>How many follow it here; the host's to change.</summary>
    public int Followers { get; set; }

    /// <summary>Completes when the feed is live; the host's to set.</summary>
    public Task? Started { get; set; }

    /// <summary>Every change up to this revision has been taken.</summary>
    public long Revision { get; private set; }

    /// <summary>Completes when there is more than this revision.</summary>
    /// <exception cref="OperationCanceledException">By the wait, when the waiter's token is cancelled.</exception>
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

    /// <summary>For whoever waits no more.</summary>
    public void RemoveWaiter(FeedWaiter waiter)
    {
        lock (_gate)
            _waiting.Remove(waiter);
    }

    /// <summary>Begins at the revision that the database has, once the node is subscribed.</summary>
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

    /// <summary>Takes a change that was published; one known already changes nothing.</summary>
    public void Receive(TChange change)
    {
        lock (_gate)
        {
            if (_ring is not null && change.Revision <= Revision)
                return;
            if (_early.Count >= _context.Options.RingCapacity)
            {
                // Too many to wait for one: the database has them all.
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

    /// <summary>The changes after a revision; null when they are older than what is at hand.</summary>
    public FeedPage<TChange>? TryRead(long revision)
    {
        lock (_gate)
        {
            // Those who are up to date, most of them, all ask for the same.
            if (_newest is { } newest && newest.After == revision && newest.At == Revision)
                return newest.Page;
            if (revision < _ring!.Start)
                return null;
            var page = Read(revision);
            _newest = (revision, Revision, page);
            return page;
        }
    }

    /// <summary>Where the changes at hand begin.</summary>
    public long RingStart
    {
        get
        {
            lock (_gate)
                return _ring!.Start;
        }
    }

    /// <summary>Has what is missing read from the database: once, however many ask meanwhile.</summary>
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

    /// <summary>Moves into the ring what fits on to it.</summary>
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
                // Nothing newer is handed over before it: the followers wait rather than lose a change.
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
            // Every change known before the read is in the database by then.
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

    /// <summary>The database is the truth: a change that it does not have was never made, or not in this history.</summary>
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
