namespace BlazorChat.Common.Components;

/// <summary>
/// The requests of a component for one thing that it shows, such as a room, a list or the results of a search. Answers may arrive in any order:
/// only the answer to the newest request is shown, and starting a request cancels the previous one. Call it on the renderer's dispatcher.
/// </summary>
/// <param name="closed">Cancelled when the component is disposed.</param>
/// <example><code>await _search.RunAsync(token => members.FindAsync(text, token), found => _found = found);</code></example>
internal sealed class NewestRequest(CancellationToken closed)
{
    private CancellationTokenSource? _running;
    private TaskCompletionSource? _idle;

    /// <summary>Starts a request and cancels the previous one.</summary>
    /// <param name="request">Gets a token that is cancelled when a newer request starts or the component is disposed.</param>
    /// <param name="show">Called with the answer, unless that token is cancelled.</param>
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
    /// Completes when no request is running. A component waits for it before it applies the change of an event, so that an answer that was read
    /// before the change does not replace it.
    /// </summary>
    public async Task WhenIdleAsync()
    {
        while (_idle is { } idle)
            await idle.Task;
    }
}
