using System.Buffers;

namespace BlazorChat.Channels.WebSockets;

/// <summary>Gathers the parts of one message; holds nothing between messages, and begins small, since most messages are.</summary>
internal sealed class MessageBuffer(int capacity) : IDisposable
{
    private const int InitialLength = 1024;

    private byte[] _bytes = [];
    private int _length;

    /// <summary>False when the message is longer than the capacity.</summary>
    public bool HasRoom => _length <= capacity;

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

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

    /// <summary>Begins the next message.</summary>
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
