using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace BlazorChat.Benchmarks.Load;

/// <summary>
/// A WebSocket client that costs little: it parses frames in the receive buffer, answers pings, and passes on messages.
/// </summary>
/// <param name="received">Called with each message and the time of its arrival.</param>
internal sealed class SocketMember(Socket socket, Action<ReadOnlySpan<byte>, long> received) : Receiver(socket)
{
    private const byte Final = 0x80;
    private const byte Continuation = 0x0;
    private const byte Text = 0x1;
    private const byte CloseFrame = 0x8;
    private const byte Ping = 0x9;
    private const byte Pong = 0xA;
    private const byte Masked = 0x80;

    private readonly Lock _sending = new();
    // The start of a frame whose end is not here yet, and of a message that comes in several frames.
    private readonly ArrayBufferWriter<byte> _rest = new();
    private readonly ArrayBufferWriter<byte> _fragments = new();

    /// <summary>The answer's status; 0 before it is here.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes of frames and their heads.</summary>
    public long Bytes { get; private set; }

    public void SendText(string text) => Send(Text, Encoding.UTF8.GetBytes(text));

    public override void Receive(ReadOnlySpan<byte> bytes, long now)
    {
        if (_rest.WrittenCount == 0)
        {
            _rest.Write(bytes[Read(bytes, now)..]);
            return;
        }

        _rest.Write(bytes);
        var left = _rest.WrittenSpan[Read(_rest.WrittenSpan, now)..].ToArray();
        _rest.ResetWrittenCount();
        _rest.Write(left);
    }

    private int Read(ReadOnlySpan<byte> bytes, long now)
    {
        var read = Status == 0 ? ReadAnswer(bytes) : 0;
        while (Status == 101 && !IsClosed && TryReadFrame(bytes[read..], out var frame, out var length))
        {
            read += length;
            Bytes += length;
            CountFrame(frame, now);
        }

        return read;
    }

    private void CountFrame(Frame frame, long now)
    {
        switch (frame.Kind)
        {
            case Text when frame.IsFinal:
                received(frame.Payload, now);
                break;
            case Text or Continuation:
                _fragments.Write(frame.Payload);
                if (!frame.IsFinal)
                    break;
                received(_fragments.WrittenSpan, now);
                _fragments.ResetWrittenCount();
                break;
            case Ping:
                Send(Pong, frame.Payload.ToArray());
                break;
            case CloseFrame:
                Close();
                break;
        }
    }

    private int ReadAnswer(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        Status = int.TryParse(bytes["HTTP/1.1 "u8.Length..][..3], out var status) ? status : -1;
        return end + 4;
    }

    private static bool TryReadFrame(ReadOnlySpan<byte> bytes, out Frame frame, out int length)
    {
        frame = default;
        length = 0;
        if (bytes.Length < 2)
            return false;
        var (head, size) = (bytes[1] & 0x7F) switch
        {
            126 => (4, bytes.Length < 4 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            127 => (10, bytes.Length < 10 ? int.MaxValue : (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
            var small => (2, small),
        };
        if (bytes.Length - head < size)
            return false;
        frame = new Frame((byte)(bytes[0] & 0xF), (bytes[0] & Final) != 0, bytes.Slice(head, size));
        length = head + size;
        return true;
    }

    /// <summary>Masked with zeros, so that the payload stays as it is.</summary>
    private void Send(byte kind, byte[] payload)
    {
        var isShort = payload.Length < 126;
        var head = isShort ? 6 : 8;
        var frame = new byte[head + payload.Length];
        frame[0] = (byte)(Final | kind);
        frame[1] = (byte)(Masked | (isShort ? payload.Length : 126));
        if (!isShort)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        payload.CopyTo(frame, head);
        lock (_sending)
        {
            if (!IsClosed)
                Write(frame);
        }
    }

    private void Write(byte[] frame)
    {
        try
        {
            for (var sent = 0; sent < frame.Length;)
            {
                sent += Socket.Send(frame.AsSpan(sent), SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock)
                    Socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectWrite);
                else if (error != SocketError.Success)
                    return;
            }
        }
        catch (ObjectDisposedException)
        {
            // The other side has just closed it.
        }
    }

    private readonly ref struct Frame(byte kind, bool isFinal, ReadOnlySpan<byte> payload)
    {
        public byte Kind { get; } = kind;

        public bool IsFinal { get; } = isFinal;

        public ReadOnlySpan<byte> Payload { get; } = payload;
    }
}
