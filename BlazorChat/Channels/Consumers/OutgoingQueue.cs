using System.Threading.Tasks.Sources;

namespace BlazorChat.Channels.Consumers;

/// <summary>Encoded messages for a peer, as they are written to its connection. They are immutable, so many queues may share them.</summary>
/// <param name="Bytes">The bytes of all messages.</param>
/// <param name="Count">The number of messages.</param>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, int Count = 1);

/// <summary>
/// The frames that wait to be sent to one peer: at most 1,024 messages and 1 MiB. Any thread may add a frame. A single reader drains the
/// queue; its continuation runs inline on the producer's thread, which saves waking another one.
/// </summary>
internal sealed class OutgoingQueue : IValueTaskSource<bool>
{
    private const int MaxMessages = 1024;
    private const int MaxBytes = 1024 * 1024;

    /// <summary>How long a producer waits for capacity, and how long one write to the peer may take.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private readonly Queue<Frame> _frames = [];
    private ManualResetValueTaskSourceCore<bool> _ready;
    private TaskCompletionSource? _capacityFreed;
    private int _messages;
    private int _bytes;
    // False only while the reader awaits WaitAsync and must be woken.
    private bool _isReading = true;
    private bool _isCompleted;

    /// <summary>Adds a frame without blocking. False when the queue is full; true without adding it when the queue is completed.</summary>
    public bool TryAdd(Frame frame)
    {
        lock (_frames)
        {
            if (_isCompleted)
                return true;
            if (_messages + frame.Count > MaxMessages || _bytes + frame.Bytes.Length > MaxBytes)
                return false;
            _messages += frame.Count;
            _bytes += frame.Bytes.Length;
            _frames.Enqueue(frame);
            if (_isReading)
                return true;
            _isReading = true;
        }

        _ready.SetResult(true);
        return true;
    }

    /// <summary>Accepts no more frames. The reader may still dequeue those that wait.</summary>
    public void Complete()
    {
        bool isIdle;
        lock (_frames)
        {
            isIdle = !_isReading && !_isCompleted;
            _isCompleted = true;
        }

        if (isIdle)
            _ready.SetResult(false);
        SignalCapacity();
    }

    /// <summary>Waits until the queue is at most half full. False when it is not within <see cref="SendTimeout"/>. For producers that can wait.</summary>
    public async ValueTask<bool> WaitForCapacityAsync(CancellationToken cancellationToken)
    {
        while (IsHalfFull)
        {
            var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var freed = Interlocked.CompareExchange(ref _capacityFreed, added, null) ?? added;
            // A frame that was sent since the first check has signalled nobody.
            if (!IsHalfFull)
                break;
            try
            {
                await freed.Task.WaitAsync(SendTimeout, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For the reader, after it has dequeued all: true when a frame is there, false when the queue is completed and empty.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_frames)
        {
            if (_frames.Count > 0 || _isCompleted)
                return new ValueTask<bool>(_frames.Count > 0);
            _isReading = false;
            _ready.Reset();
            return new ValueTask<bool>(this, _ready.Version);
        }
    }

    /// <summary>For the reader: whether a frame is waiting.</summary>
    public bool HasMore
    {
        get
        {
            lock (_frames)
                return _frames.Count > 0;
        }
    }

    public bool TryDequeue(out Frame frame)
    {
        lock (_frames)
            return _frames.TryDequeue(out frame);
    }

    /// <summary>Called by the reader when frames have been sent, with their messages and bytes: they free capacity only now.</summary>
    public void MarkSent(int messages, int bytes)
    {
        lock (_frames)
        {
            _messages -= messages;
            _bytes -= bytes;
        }

        if (!IsHalfFull)
            SignalCapacity();
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _ready.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _ready.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _ready.OnCompleted(continuation, state, token, flags);

    private bool IsHalfFull
    {
        get
        {
            lock (_frames)
                return !_isCompleted && (_bytes > MaxBytes / 2 || _messages > MaxMessages / 2);
        }
    }

    private void SignalCapacity()
    {
        if (Volatile.Read(ref _capacityFreed) is not null)
            Interlocked.Exchange(ref _capacityFreed, null)?.TrySetResult();
    }
}
