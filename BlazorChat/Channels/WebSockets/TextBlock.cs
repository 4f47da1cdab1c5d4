using BlazorChat.Channels.Consumers;

namespace BlazorChat.Channels.WebSockets;

/// <summary>
/// Consecutive text messages, encoded once, so that any number of sockets send the same bytes with one write each. Immutable.
/// </summary>
/// <example>
/// <code>
/// var block = TextBlock.Encode(messages);
/// await SendTextAsync(block, cancellationToken);
/// messages = messages.Skip(block.Count);
/// </code>
/// </example>
public sealed class TextBlock
{
    private const int MaxLength = 64 * 1024;
    private const int MaxMessages = 256;

    private TextBlock(Frame frame) => Frame = frame;

    /// <summary>The number of messages in the block.</summary>
    public int Count => Frame.Count;

    internal Frame Frame { get; }

    /// <summary>Encodes the first messages: at most 256 of them and 64 KiB, but always the first one.</summary>
    /// <param name="utf8">Messages in UTF-8, at least one.</param>
    /// <returns>The block; <see cref="Count"/> is the number of messages that it holds.</returns>
    /// <exception cref="ArgumentException">There is no message.</exception>
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
