using BlazorChat.Feeds;

namespace BlazorChat.Tests.Feeds;

public sealed class FeedWaiterTests
{
    [Fact]
    public async Task It_can_be_awaited_repeatedly_and_runs_the_continuation_in_the_waking_call()
    {
        using var waiter = new FeedWaiter(CancellationToken.None);
        var woken = 0;
        var waiting = WaitAsync();

        for (var i = 1; i <= 3; i++)
        {
            waiter.Wake();
            Assert.Equal(i, woken);
        }

        await waiting;

        async Task WaitAsync()
        {
            while (woken < 3)
            {
                await waiter.WaitAsync().ConfigureAwait(false);
                woken++;
            }
        }
    }

    [Fact]
    public async Task A_token_that_is_cancelled_ends_the_wait_whenever_that_was()
    {
        using var early = new CancellationTokenSource();
        using var late = new CancellationTokenSource();
        using var before = new FeedWaiter(early.Token);
        using var during = new FeedWaiter(late.Token);
        await early.CancelAsync();

        var waiting = during.WaitAsync();
        Assert.False(waiting.IsCompleted);
        await late.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await waiting);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await before.WaitAsync());
        during.Wake();
    }

    [Fact]
    public async Task Being_woken_and_cancelled_at_once_ends_each_wait_once()
    {
        for (var i = 0; i < 2_000; i++)
        {
            using var cancellation = new CancellationTokenSource();
            using var waiter = new FeedWaiter(cancellation.Token);
            var waiting = waiter.WaitAsync().AsTask();

            await Task.WhenAll(Task.Run(waiter.Wake, CancellationToken.None), cancellation.CancelAsync());

            await Task.WhenAny(waiting).WaitAsync(TestWait.Limit, TestContext.Current.CancellationToken);
            Assert.True(waiting.IsCompletedSuccessfully || waiting.IsCanceled);
        }
    }

    [Fact]
    public async Task Many_are_woken_each_once_and_who_was_removed_is_not()
    {
        var waiters = new FeedWaitList();
        var all = Enumerable.Range(0, 500).Select(_ => new FeedWaiter(CancellationToken.None)).ToArray();
        var waits = all.Select(waiter => waiter.WaitAsync().AsTask()).ToArray();
        foreach (var waiter in all)
            waiters.Add(waiter);
        waiters.Remove(all[7]);

        waiters.Wake();

        await Task.WhenAll(waits.Where((_, index) => index != 7)).WaitAsync(TestWait.Limit, TestContext.Current.CancellationToken);
        Assert.False(waits[7].IsCompleted);
        all[7].Wake();
        await waits[7];
    }
}
