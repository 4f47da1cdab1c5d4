using BlazorChat.Common;
using BlazorChat.Feeds;

namespace BlazorChat.Tests.Feeds;

/// <summary>Follows a feed in the background and records its changes, in order.</summary>
internal sealed class Follower<TChange> : IAsyncDisposable
    where TChange : IFeedChange
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TChange> _changes = [];
    private readonly Lock _gate = new();
    private readonly Task _run;
    private readonly Signal _grown = new();
    private bool _mayHaveEnded;

    /// <summary>Starts to follow.</summary>
    /// <param name="follow">Returns the pages to enumerate, until its token is cancelled.</param>
    public Follower(Func<CancellationToken, IAsyncEnumerable<FeedPage<TChange>>> follow) =>
        _run = RunAsync(follow(_stop.Token));

    public IReadOnlyList<TChange> Changes
    {
        get
        {
            lock (_gate)
                return [.. _changes];
        }
    }

    /// <summary>Waits until the enumeration ends, and throws the exception that ended it.</summary>
    /// <exception cref="TimeoutException">It did not end within <see cref="TestWait.Limit"/>.</exception>
    public Task EndedAsync()
    {
        _mayHaveEnded = true;
        return _run.WaitAsync(TestWait.Limit);
    }

    /// <summary>Waits until the follower has received a revision.</summary>
    /// <exception cref="OperationCanceledException">It did not receive the revision within <see cref="TestWait.Limit"/>.</exception>
    public async Task WaitForAsync(long revision)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (Changes is not [.., var last] || last.Revision < revision)
            await await Task.WhenAny(_grown.WaitAsync(timeout.Token), _run);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _run;
        }
        catch (Exception exception) when (exception is OperationCanceledException || _mayHaveEnded)
        {
            // Cancelled, or a failure that EndedAsync has reported to the test.
        }

        _stop.Dispose();
    }

    private async Task RunAsync(IAsyncEnumerable<FeedPage<TChange>> follow)
    {
        // Do not subscribe and read on the thread of the caller.
        await Task.Yield();
        await foreach (var page in follow)
        {
            lock (_gate)
                _changes.AddRange(page.Changes);
            _grown.Set();
        }
    }
}
