using BlazorChat.Common;

namespace BlazorChat.Tests.Common;

public sealed class SignalTests
{
    private readonly Signal _signal = new();

    [Fact]
    public async Task It_ends_the_current_wait()
    {
        var waiting = _signal.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _signal.Set();

        await waiting.WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task Set_several_times_it_ends_one_wait()
    {
        _signal.Set();
        _signal.Set();

        await _signal.WaitAsync(CancellationToken.None).WaitAsync(TestWait.Limit);

        Assert.False(_signal.WaitAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task A_wait_ends_with_its_timeout_and_the_next_one_with_the_signal()
    {
        await _signal.WaitAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None).WaitAsync(TestWait.Limit);
        var waiting = _signal.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _signal.Set();

        await waiting.WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_it_set()
    {
        _signal.Set();

        await Assert.ThrowsAsync<OperationCanceledException>(() => _signal.WaitAsync(new CancellationToken(canceled: true)));

        await _signal.WaitAsync(CancellationToken.None).WaitAsync(TestWait.Limit);
    }

    [Fact]
    public async Task No_change_is_missed_while_many_threads_set_it()
    {
        const int Threads = 4, Changes = 5_000;
        var made = 0;
        var setting = Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Changes; i++)
            {
                Interlocked.Increment(ref made);
                _signal.Set();
            }
        })).ToArray();

        for (var seen = 0; seen < Threads * Changes; seen = Volatile.Read(ref made))
            await _signal.WaitAsync(CancellationToken.None).WaitAsync(TestWait.Limit);

        await Task.WhenAll(setting);
    }
}
