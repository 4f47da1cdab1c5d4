namespace BlazorChat.Common;

/// <summary>Calls an action when it is disposed, at most once. Thread-safe.</summary>
internal sealed class OnDispose(Action action) : IDisposable
{
    private Action? _action = action;

    public void Dispose() => Interlocked.Exchange(ref _action, null)?.Invoke();
}
