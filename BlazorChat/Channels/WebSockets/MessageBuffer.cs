using System.Buffers;

namespace BlazorChat.Channels;

/// <summary>Gathers the parts of one message; begins small, since most messages are.</summary>
internal sealed class MessageBuffer(int capacity) : IDisposable
{
    private const int InitialLength = 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(InitialLength, capacity + 1));
    private int _length;

    /// <summary>False when the message is longer than the capacity.</summary>
    public bool HasRoom => _length <= capacity;

    public ReadOnlyMemory<byte> Whole => _bytes.AsMemory(0, _length);

    /// <summary>Where the next part goes; never empty while there is room.</summary>
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

    /// <summary>Makes room for the next message, and gives back what only a long one needed.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length <= InitialLength)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(InitialLength);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
