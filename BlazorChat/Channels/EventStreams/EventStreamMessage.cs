using System.Buffers;
using System.Text;

namespace BlazorChat.Channels.EventStreams;

/// <summary>
/// One server-sent event, encoded when it is created, so that any number of streams send the same bytes. Immutable. The format is that of
/// https://html.spec.whatwg.org/multipage/server-sent-events.html.
/// </summary>
/// <example>
/// <code>
/// var message = new EventStreamMessage("""{"by":"Ada"}""", name: "rung", id: "42");
/// </code>
/// </example>
public sealed class EventStreamMessage
{
    private static readonly SearchValues<char> NotInFields = SearchValues.Create("\0\r\n");

    /// <summary>Encodes an event.</summary>
    /// <param name="utf8">The data in UTF-8. CR, LF and CRLF separate lines; a reader gets them as LF.</param>
    /// <param name="name">The type of the event; null for the default, <c>message</c>.</param>
    /// <param name="id">The value of <see cref="EventStreamConsumer.LastEventId"/> when a reader that has this event reconnects; null for none.</param>
    /// <exception cref="ArgumentException">The name or the id contains a line break or NUL.</exception>
    public EventStreamMessage(ReadOnlySpan<byte> utf8, string? name = null, string? id = null)
    {
        var bytes = new ArrayBufferWriter<byte>(utf8.Length + 64);
        WriteField(bytes, "id: "u8, id);
        WriteField(bytes, "event: "u8, name);
        while (true)
        {
            var end = utf8.IndexOfAny((byte)'\r', (byte)'\n');
            bytes.Write("data: "u8);
            bytes.Write(end < 0 ? utf8 : utf8[..end]);
            bytes.Write("\n"u8);
            if (end < 0)
                break;
            utf8 = utf8[(end + (utf8[end..].StartsWith("\r\n"u8) ? 2 : 1))..];
        }

        bytes.Write("\n"u8);
        Bytes = bytes.WrittenMemory;
    }

    /// <inheritdoc cref="EventStreamMessage(ReadOnlySpan{byte}, string?, string?)"/>
    public EventStreamMessage(string data, string? name = null, string? id = null)
        : this(Encoding.UTF8.GetBytes(data), name, id)
    {
    }

    private EventStreamMessage(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>Encodes an id without an event: a reader that reconnects before its first event sends this id.</summary>
    /// <exception cref="ArgumentException">The id contains a line break or NUL.</exception>
    public static EventStreamMessage Position(string id)
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        WriteField(bytes, "id: "u8, id);
        bytes.Write("\n"u8);
        return new EventStreamMessage(bytes.WrittenMemory);
    }

    internal ReadOnlyMemory<byte> Bytes { get; }

    private static void WriteField(ArrayBufferWriter<byte> bytes, ReadOnlySpan<byte> field, string? value)
    {
        if (value is null)
            return;
        if (value.AsSpan().ContainsAny(NotInFields))
            throw new ArgumentException("An event's name or id has no line break and no NUL.", nameof(value));
        bytes.Write(field);
        Encoding.UTF8.GetBytes(value, bytes);
        bytes.Write("\n"u8);
    }
}
