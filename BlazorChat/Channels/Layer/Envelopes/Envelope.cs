using System.Text;

namespace BlazorChat.Channels.Layer.Envelopes;

/// <summary>
/// The message format of the backplane:
/// <code>
/// 1 byte    version, 2
/// 16 bytes  signature of the rest; zeros where nothing is signed
/// 16 bytes  id of the sending node
/// 1 byte    length of the group's name, then the name in ASCII
/// 1 byte    length of the event's name, then the name in ASCII
/// 1 byte    length of the target's channel name (0: the whole group), then the name in ASCII
/// the rest  the event as JSON in UTF-8
/// </code>
/// The group is part of what is signed, so a signed envelope cannot be replayed to another group.
/// </summary>
internal readonly record struct Envelope(Guid Node, string Group, string EventName, string Target, ReadOnlyMemory<byte> Payload)
{
    private const byte Version = 2;
    private const int SignedFrom = 1 + LayerSigner.Length;
    private const int FixedLength = SignedFrom + 16 + 3;

    /// <param name="signer">Null when envelopes are not signed.</param>
    public byte[] Encode(LayerSigner? signer)
    {
        var bytes = new byte[FixedLength + Group.Length + EventName.Length + Target.Length + Payload.Length];
        bytes[0] = Version;
        var rest = bytes.AsSpan(SignedFrom);
        Node.TryWriteBytes(rest);
        rest = Write(rest[16..], Group);
        rest = Write(rest, EventName);
        rest = Write(rest, Target);
        Payload.Span.CopyTo(rest);
        signer?.Sign(bytes.AsSpan(SignedFrom), bytes.AsSpan(1, LayerSigner.Length));
        return bytes;
    }

    /// <summary>Reads the sender's node id, unverified; <see cref="Guid.Empty"/> when the bytes are too short for an envelope.</summary>
    public static Guid ReadNode(ReadOnlySpan<byte> bytes) => bytes.Length < FixedLength ? Guid.Empty : new Guid(bytes.Slice(SignedFrom, 16));

    public static bool IsSigned(ReadOnlySpan<byte> bytes, LayerSigner signer) =>
        bytes.Length >= FixedLength && signer.Verify(bytes[SignedFrom..], bytes.Slice(1, LayerSigner.Length));

    /// <exception cref="FormatException">The bytes are not an envelope of this version.</exception>
    public static Envelope Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < FixedLength || bytes.Span[0] != Version)
            throw new FormatException("No envelope of a version that this node knows.");
        var node = ReadNode(bytes.Span);
        var rest = bytes[(SignedFrom + 16)..];
        var group = Read(ref rest);
        var name = Read(ref rest);
        var target = Read(ref rest);
        return new Envelope(node, group, name, target, rest);
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
