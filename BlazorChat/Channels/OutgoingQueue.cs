using System.Threading.Channels;

namespace BlazorChat.Channels;

/// <summary>One message on its way to a peer; its bytes no longer change, so many queues may hold them.</summary>
/// <param name="MoreFollows">The next one is added right after it, so they may go together.</param>
internal readonly record struct Frame(ReadOnlyMemory<byte> Bytes, bool IsBinary = false, bool MoreFollows = false);

/// <summary>
/// What waits to be sent to one peer: bounded in messages and in bytes, so that a slow one costs nobody else anything. Anybody
/// adds; one loop takes.
/// </summary>
/// <param name="takesInline">Has the loop go on in the call that adds, which must not mind, instead of on another thread.</param>
internal sealed class OutgoingQueue(bool takesInline = false)
{
    private const int MaxFrames = 1024;
    private const int MaxBytes = 1024 * 1024;

    /// <summary>How long a peer may make no room; also how long one write to it may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Frame> _frames = System.Threading.Channels.Channel.CreateBounded<Frame>(
        new BoundedChannelOptions(MaxFrames)
        {
            FullMode = BoundedChannelFullMode.Wait,
            SingleReader = true,
            AllowSynchronousContinuations = takesInline,
        });

    private TaskCompletionSource? _room;
    private int _bytes;
    private volatile bool _isCompleted;

    /// <summary>Adds a frame, or drops it when the connection ends; never blocks. False when too much waits already.</summary>
    public bool TryAdd(Frame frame)
    {
        var isTooMuch = Interlocked.Add(ref _bytes, frame.Bytes.Length) > MaxBytes;
        return (!isTooMuch && _frames.Writer.TryWrite(frame)) || _isCompleted;
    }

    /// <summary>Takes no more; what waits may still be taken.</summary>
    public void Complete()
    {
        _isCompleted = true;
        _frames.Writer.TryComplete();
        MakeRoom();
    }

    /// <summary>Returns once the queue is half empty, for whoever can wait. False when the peer made no room in time.</summary>
    public async ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (IsHalfFull && !_isCompleted)
        {
            var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var room = Interlocked.CompareExchange(ref _room, added, null) ?? added;
            // What was sent since the first look has woken nobody.
            if (!IsHalfFull || _isCompleted)
                break;
            try
            {
                await room.Task.WaitAsync(Patience, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when there is something to take, false when nothing will come any more.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _frames.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>For the loop: something is there to be taken.</summary>
    public bool HasMore => _frames.Reader.TryPeek(out _);

    public bool TryTake(out Frame frame) => _frames.Reader.TryRead(out frame);

    /// <summary>Told by the loop when it has sent what it took.</summary>
    public void Sent(int bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        if (!IsHalfFull)
            MakeRoom();
    }

    private bool IsHalfFull => Volatile.Read(ref _bytes) > MaxBytes / 2 || _frames.Reader.Count > MaxFrames / 2;

    private void MakeRoom() => Interlocked.Exchange(ref _room, null)?.TrySetResult();
}
