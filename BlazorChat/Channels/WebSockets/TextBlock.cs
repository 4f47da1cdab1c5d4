using BlazorChat.Channels.Consumers;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// Text messages that follow one another, encoded once, so that any number of sockets send the same bytes by one write each.
/// </summary>
public sealed class TextBlock
{
    private const int MaxLength = 64 * 1024;
    private const int MaxMessages = 256;

    private TextBlock(Frame frame) => Frame = frame;

    /// <summary>How many messages these are.</summary>
    public int Count => Frame.Count;

    internal Frame Frame { get; }

    /// <summary>Encodes as many messages as go together: 256 of them or 64 KiB at most, but the first one whatever its length.</summary>
    /// <param name="utf8">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TextBlock Encode(IEnumerable<ReadOnlyMemory<byte>> utf8)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        var length = 0;
        foreach (var message in utf8.Take(MaxMessages))
        {
            var next = WebSocketFrame.LengthOf(message.Length);
            if (messages.Count > 0 && length + next > MaxLength)
                break;
            messages.Add(message);
            length += next;
        }

        if (messages.Count == 0)
            throw new ArgumentException("A block has at least one message.", nameof(utf8));
        var bytes = new byte[length];
        var at = 0;
        foreach (var message in messages)
            at += WebSocketFrame.Write(bytes.AsSpan(at), message.Span, isBinary: false);
        return new TextBlock(new Frame(bytes, messages.Count));
    }
}
