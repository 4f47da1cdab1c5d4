using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace BlazorChat.Benchmarks.Load;

/// <summary>
/// A WebSocket client that costs little: it takes frames apart where they lie, answers pings, and hands on the payload of what it is sent. Frames may
/// come in pieces, messages in one frame only.
/// </summary>
/// <param name="received">Told each message, and when it was here.</param>
internal sealed class SocketMember(Socket socket, Action<ReadOnlySpan<byte>, long> received) : Receiver(socket)
{
    private const byte Final = 0x80;
    private const byte Text = 0x1;
    private const byte CloseFrame = 0x8;
    private const byte Ping = 0x9;
    private const byte Pong = 0xA;
    private const byte Masked = 0x80;

    private readonly Lock _sending = new();
    private byte[] _rest = [];
    private int _restLength;

    /// <summary>The answer's status; 0 before it is here.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes of frames and their heads.</summary>
    public long Bytes { get; private set; }

    public void SendText(string text) => Send(Text, Encoding.UTF8.GetBytes(text));

    public override void Receive(ReadOnlySpan<byte> bytes, long now)
    {
        if (_restLength > 0)
        {
            Keep(bytes);
            bytes = _rest.AsSpan(0, _restLength);
        }

        var taken = Take(bytes, now);
        _restLength = 0;
        Keep(bytes[taken..]);
    }

    private int Take(ReadOnlySpan<byte> bytes, long now)
    {
        var taken = Status == 0 ? TakeAnswer(bytes) : 0;
        while (Status == 101 && !IsClosed && TryReadFrame(bytes[taken..], out var kind, out var payload, out var length))
        {
            taken += length;
            Bytes += length;
            if (kind == Text)
                received(payload, now);
            else if (kind == Ping)
                Send(Pong, payload.ToArray());
            else if (kind == CloseFrame)
                Close();
        }

        return taken;
    }

    private int TakeAnswer(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return 0;
        Status = int.TryParse(bytes["HTTP/1.1 "u8.Length..][..3], out var status) ? status : -1;
        return end + 4;
    }

    private static bool TryReadFrame(ReadOnlySpan<byte> bytes, out int kind, out ReadOnlySpan<byte> payload, out int length)
    {
        kind = 0;
        payload = [];
        length = 0;
        if (bytes.Length < 2)
            return false;
        kind = bytes[0] & 0xF;
        var (head, size) = (bytes[1] & 0x7F) switch
        {
            126 => (4, bytes.Length < 4 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            127 => (10, bytes.Length < 10 ? int.MaxValue : (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..])),
            var small => (2, small),
        };
        if (bytes.Length - head < size)
            return false;
        payload = bytes.Slice(head, size);
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

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        if (_rest.Length < _restLength + bytes.Length)
            Array.Resize(ref _rest, Math.Max(4096, 2 * (_restLength + bytes.Length)));
        bytes.CopyTo(_rest.AsSpan(_restLength));
        _restLength += bytes.Length;
    }
}
