using BlazorChat.Feeds;

namespace BlazorChat.Tests.Feeds;

/// <summary>Follows a feed in the background and keeps the revisions it was given, in order.</summary>
internal sealed class Follower<TChange> : IAsyncDisposable
    where TChange : IFeedChange
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TChange> _changes = [];
    private readonly Lock _gate = new();
    private readonly Task _run;
    private bool _mayHaveEnded;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="follow">What to enumerate, until the token that it is given is cancelled.</param>
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

    /// <summary>Completes when following ends, with the exception that ended it.</summary>
    /// <exception cref="TimeoutException">It did not within a minute.</exception>
    public Task EndedAsync()
    {
        _mayHaveEnded = true;
        return _run.WaitAsync(TestWait.Limit);
    }

    /// <summary>Returns when the follower has been given this revision.</summary>
    /// <exception cref="TimeoutException">It was not within a minute.</exception>
    public async Task WaitForAsync(long revision)
    {
        using var timeout = new CancellationTokenSource(TestWait.Limit);
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (_changes is [.., var last] && last.Revision >= revision)
                    return;
                grown = _grown.Task;
            }

            var first = await Task.WhenAny(grown, _run).WaitAsync(TestWait.Limit);
            if (first == _run)
                await _run;
            timeout.Token.ThrowIfCancellationRequested();
        }
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
            // It never ends by itself, unless the test has seen why.
        }

        _stop.Dispose();
    }

    private async Task RunAsync(IAsyncEnumerable<FeedPage<TChange>> follow)
    {
        // Not on the caller's time: following begins with a subscription and a read.
        await Task.Yield();
        await foreach (var page in follow)
        {
            lock (_gate)
            {
                _changes.AddRange(page.Changes);
                _grown.TrySetResult();
                _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
