using System.Buffers.Binary;

namespace BlazorChat.Channels.WebSockets;

/// <summary>Encodes a message as a server sends it: one frame without a mask (https://www.rfc-editor.org/rfc/rfc6455#section-5.2).</summary>
internal static class WebSocketFrame
{
    private const byte FinalText = 0x81;
    private const byte FinalBinary = 0x82;
    private const byte HasLength16 = 126;
    private const byte HasLength64 = 127;

    /// <summary>The length of the frame of a message, both in bytes.</summary>
    public static int LengthOf(int message) => HeadOf(message) + message;

    public static byte[] Encode(ReadOnlySpan<byte> message, bool isBinary)
    {
        var frame = new byte[LengthOf(message.Length)];
        Write(frame, message, isBinary);
        return frame;
    }

    /// <summary>Writes a frame to the start of a buffer.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> bytes, ReadOnlySpan<byte> message, bool isBinary)
    {
        var head = HeadOf(message.Length);
        bytes[0] = isBinary ? FinalBinary : FinalText;
        switch (head)
        {
            case 2:
                bytes[1] = (byte)message.Length;
                break;
            case 4:
                bytes[1] = HasLength16;
                BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)message.Length);
                break;
            default:
                bytes[1] = HasLength64;
                BinaryPrimitives.WriteUInt64BigEndian(bytes[2..], (ulong)message.Length);
                break;
        }

        message.CopyTo(bytes[head..]);
        return head + message.Length;
    }

    private static int HeadOf(int message) => message < HasLength16 ? 2 : message <= ushort.MaxValue ? 4 : 10;
}
