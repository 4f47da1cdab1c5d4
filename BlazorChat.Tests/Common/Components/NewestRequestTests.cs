using BlazorChat.Common.Components;

namespace BlazorChat.Tests.Common.Components;

public sealed class NewestRequestTests : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly List<string> _shown = [];
    private readonly NewestRequest _requests;

    public NewestRequestTests() => _requests = new NewestRequest(_closed.Token);

    [Fact]
    public async Task B3_Whichever_answer_is_last_the_newest_request_is_shown()
    {
        var (older, newer) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());
        var first = _requests.RunAsync(_ => older.Task, _shown.Add);
        var second = _requests.RunAsync(_ => newer.Task, _shown.Add);

        newer.SetResult("newer");
        Assert.True(await second);
        older.SetResult("older");

        Assert.False(await first);
        Assert.Equal(["newer"], _shown);
    }

    [Fact]
    public async Task B3_A_request_that_was_superseded_is_cancelled_and_its_failure_is_no_failure()
    {
        var older = new TaskCompletionSource<string>();
        CancellationToken token = default;
        var first = _requests.RunAsync(given => (token = given, older.Task).Task, _shown.Add);

        await _requests.RunAsync(_ => Task.FromResult("newer"), _shown.Add);
        Assert.True(token.IsCancellationRequested);
        older.SetException(new InvalidOperationException("The database is away."));

        Assert.False(await first);
        Assert.Equal(["newer"], _shown);
    }

    [Fact]
    public async Task B3_The_newest_request_throws_why_it_failed()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _requests.RunAsync(_ => Task.FromException<string>(new InvalidOperationException("The database is away.")), _shown.Add));

        Assert.True(await _requests.RunAsync(_ => Task.FromResult("again"), _shown.Add));
        Assert.Equal(["again"], _shown);
    }

    [Fact]
    public async Task B3_What_waits_for_the_answer_waits_for_the_newest_one()
    {
        var (older, newer) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());
        Assert.True(_requests.WhenIdleAsync().IsCompleted);
        _ = _requests.RunAsync(token => older.Task.WaitAsync(token), _shown.Add);
        var idle = _requests.WhenIdleAsync();
        _ = _requests.RunAsync(_ => newer.Task, _shown.Add);

        older.SetResult("older");
        Assert.False(idle.IsCompleted);
        newer.SetResult("newer");
        await idle.WaitAsync(TestWait.Limit);

        Assert.Equal(["newer"], _shown);
    }

    [Fact]
    public async Task E3_What_a_component_asked_for_before_it_was_gone_ends_quietly()
    {
        var request = _requests.RunAsync<string>(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return "";
        }, _shown.Add);

        await _closed.CancelAsync();

        Assert.False(await request);
        Assert.Empty(_shown);
    }

    public void Dispose() => _closed.Dispose();
}
