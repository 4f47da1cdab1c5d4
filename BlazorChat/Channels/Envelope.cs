using System.Text;

namespace BlazorChat.Channels;

/// <summary>
/// What crosses the backplane:
/// <code>
/// 1 byte    version, 1
/// 16 bytes  id of the sending node
/// 1 byte    length of the event's name, then the name in ASCII
/// 1 byte    length of the target's channel name (0: the whole group), then the name in ASCII
/// the rest  the event as JSON in UTF-8
/// </code>
/// </summary>
internal readonly record struct Envelope(Guid Node, string EventName, string Target, ReadOnlyMemory<byte> Payload)
{
    private const byte Version = 1;
    private const int FixedLength = 1 + 16 + 1 + 1;

    public byte[] Encode()
    {
        var bytes = new byte[FixedLength + EventName.Length + Target.Length + Payload.Length];
        var rest = bytes.AsSpan();
        rest[0] = Version;
        Node.TryWriteBytes(rest[1..]);
        rest = Write(rest[17..], EventName);
        rest = Write(rest, Target);
        Payload.Span.CopyTo(rest);
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no envelope of this version.</exception>
    public static Envelope Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < FixedLength || bytes.Span[0] != Version)
            throw new FormatException("No envelope of a version that this node knows.");
        var node = new Guid(bytes.Span.Slice(1, 16));
        var rest = bytes[17..];
        var name = Read(ref rest);
        var target = Read(ref rest);
        return new Envelope(node, name, target, rest);
    }

    private static Span<byte> Write(Span<byte> bytes, string name)
    {
        bytes[0] = checked((byte)name.Length);
        Encoding.ASCII.GetBytes(name, bytes[1..]);
        return bytes[(1 + name.Length)..];
    }

    private static string Read(ref ReadOnlyMemory<byte> bytes)
    {
        var length = bytes.IsEmpty ? 0 : bytes.Span[0];
        if (bytes.Length < 1 + length)
            throw new FormatException("An envelope that ends too early.");
        var name = Encoding.ASCII.GetString(bytes.Span.Slice(1, length));
        bytes = bytes[(1 + length)..];
        return name;
    }
}
