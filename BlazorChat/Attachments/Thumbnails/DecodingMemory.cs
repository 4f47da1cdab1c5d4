using BlazorChat.Common;

namespace BlazorChat.Attachments.Thumbnails;

/// <summary>
/// The bytes that decoding pictures may hold at once in this process. Callers are admitted in their order, each as soon as its
/// bytes are free; at most <see cref="MaxAtOnce"/> decode at once, however small their pictures are.
/// </summary>
internal sealed class DecodingMemory(long capacity)
{
    public const int MaxAtOnce = 4;

    private readonly LinkedList<Waiter> _waiting = [];
    private readonly Lock _gate = new();
    private long _free = capacity;

    /// <summary>Bytes of the largest picture that may be decoded.</summary>
    public long Capacity { get; } = capacity;

    /// <param name="bytes">What is more than the capacity waits until nobody else decodes.</param>
    /// <returns>To be disposed when nothing of it is held any more.</returns>
    public async Task<IDisposable> EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(Math.Clamp(bytes, Capacity / MaxAtOnce, Capacity));
        lock (_gate)
        {
            _waiting.AddLast(waiter);
            Admit();
        }

        try
        {
            await waiter.Admitted.Task.WaitAsync(cancellationToken);
            return new OnDispose(() => Leave(waiter.Bytes));
        }
        catch (OperationCanceledException)
        {
            GiveUp(waiter);
            throw;
        }
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (!_waiting.Remove(waiter))
                _free += waiter.Bytes;
            Admit();
        }
    }

    private void Leave(long bytes)
    {
        lock (_gate)
        {
            _free += bytes;
            Admit();
        }
    }

    private void Admit()
    {
        while (_waiting.First is { Value: var first } && first.Bytes <= _free)
        {
            _waiting.RemoveFirst();
            _free -= first.Bytes;
            first.Admitted.SetResult();
        }
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes => bytes;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
