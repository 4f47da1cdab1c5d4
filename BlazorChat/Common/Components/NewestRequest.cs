namespace BlazorChat.Common.Components;

/// <summary>
/// The requests of a component for one thing that it shows, such as a room, a list or the results of a search. Answers may arrive in any order;
/// only the answer to the newest request is shown, and starting a request cancels the one before it. To be called on the renderer's dispatcher.
/// </summary>
/// <param name="closed">Cancelled when the component is gone.</param>
/// <example><code>await _search.RunAsync(token => members.FindAsync(text, token), found => _found = found);</code></example>
internal sealed class NewestRequest(CancellationToken closed)
{
    private CancellationTokenSource? _running;
    private TaskCompletionSource? _idle;

    /// <param name="show">Called with the answer, unless a newer request was started or the component is gone.</param>
    /// <returns>True when the answer was shown.</returns>
    /// <exception cref="Exception">What the request threw, if it is still the newest one.</exception>
    public async Task<bool> RunAsync<T>(Func<CancellationToken, Task<T>> request, Action<T> show)
    {
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(closed);
        var superseded = _running;
        _running = mine;
        _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        superseded?.Cancel();
        try
        {
            var answer = await request(mine.Token);
            if (mine.IsCancellationRequested)
                return false;
            show(answer);
            return true;
        }
        catch (Exception) when (mine.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (_running == mine)
            {
                _running = null;
                var idle = _idle!;
                _idle = null;
                idle.SetResult();
            }
        }
    }

    /// <summary>
    /// Completes when no request is under way. A change that an event brings is applied after it, so that an answer which was read before
    /// the change does not replace it.
    /// </summary>
    public async Task WhenIdleAsync()
    {
        while (_idle is { } idle)
            await idle.Task;
    }
}
