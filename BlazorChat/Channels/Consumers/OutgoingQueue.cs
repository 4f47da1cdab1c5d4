using System.Threading.Tasks.Sources;

namespace BlazorChat.Channels.Consumers;

/// <summary>Messages on their way to a peer, as their bytes go over its connection; they no longer change, so many queues may hold them.</summary>
/// <param name="Count">How many messages these are.</param>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, int Count = 1);

/// <summary>
/// What waits to be sent to one peer: bounded in messages and in bytes, so that a slow one costs nobody else anything. Anybody
/// adds; one loop takes, and goes on in the call that adds, so that no other thread has to wake up for it.
/// </summary>
internal sealed class OutgoingQueue : IValueTaskSource<bool>
{
    private const int MaxMessages = 1024;
    private const int MaxBytes = 1024 * 1024;

    /// <summary>How long a peer may make no capacity; also how long one write to it may take.</summary>
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    private readonly Queue<Frame> _frames = [];
    private ManualResetValueTaskSourceCore<bool> _ready;
    private TaskCompletionSource? _capacity;
    private int _messages;
    private int _bytes;
    // Until it has waited for the first time, the loop looks by itself.
    private bool _isReading = true;
    private bool _isCompleted;

    /// <summary>Adds a frame, or drops it when the connection ends; never blocks. False when too much waits already.</summary>
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

    /// <summary>Takes no more; what waits may still be taken.</summary>
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

    /// <summary>Returns once the queue is half empty, for whoever can wait. False when the peer made no capacity in time.</summary>
    public async ValueTask<bool> WaitForCapacityAsync(CancellationToken cancellationToken)
    {
        while (IsHalfFull)
        {
            var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var capacity = Interlocked.CompareExchange(ref _capacity, added, null) ?? added;
            // What was sent since the first look has woken nobody.
            if (!IsHalfFull)
                break;
            try
            {
                await capacity.Task.WaitAsync(SendTimeout, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For the loop, which has taken all: true when there is something to take, false when nothing will come any more.</summary>
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

    /// <summary>For the loop: something is there to be taken.</summary>
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

    /// <summary>Told by the loop when it has sent what it took.</summary>
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
        if (Volatile.Read(ref _capacity) is not null)
            Interlocked.Exchange(ref _capacity, null)?.TrySetResult();
    }
}
