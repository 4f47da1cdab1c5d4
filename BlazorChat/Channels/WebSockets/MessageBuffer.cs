using System.Buffers;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// Collects the parts of one message in a pooled buffer. It starts with 1 KiB, because most messages are small, and holds no memory between
/// messages.
/// </summary>
internal sealed class MessageBuffer(int capacity) : IDisposable
{
    private const int InitialLength = 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>Whether the message is within the capacity.</summary>
    public bool HasRoom => _length <= capacity;

    /// <summary>The parts that were added; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

    /// <summary>The memory for the next part. Never empty while <see cref="HasRoom"/> is true.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_length == _bytes.Length)
                Grow();
            return _bytes.AsMemory(_length);
        }
    }

    public void Add(int count) => _length += count;

    /// <summary>Returns the buffer to the pool and starts the next message.</summary>
    public void Clear()
    {
        _length = 0;
        ReturnBuffer();
        _bytes = [];
    }

    public void Dispose() => ReturnBuffer();

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Math.Min(InitialLength, capacity + 1)));
        _bytes.CopyTo(larger, 0);
        ReturnBuffer();
        _bytes = larger;
    }

    private void ReturnBuffer()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
    }
}
