using BlazorChat.Rooms.Messages;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>A row of the list.</summary>
/// <param name="Day">The day, above its first message; null above others.</param>
/// <param name="IsFirstUnread">Whether the mark of new messages is above it.</param>
/// <param name="Cards">The cards of its links, as they are in <paramref name="Html"/>; null for none.</param>
public sealed record MessageChunkRow(MessageView Message, bool StartsGroup, DateTime? Day, bool IsFirstUnread, string? Cards, string Html);

/// <summary>Consecutive rows. It is immutable, so a component that gets the same instance again does not render.</summary>
/// <param name="Before">The message above the first row, which decides whether that row starts a group; null for none.</param>
public sealed record MessageChunk(MessageView? Before, IReadOnlyList<MessageChunkRow> Rows)
{
    /// <summary>Sequence of its first message. It identifies the chunk, which only grows at its end.</summary>
    public long First { get; } = Rows[0].Message.Sequence;
}

/// <summary>Divides the list of messages into chunks, so that a new message renders only the last chunk.</summary>
/// <param name="quotes">The cards of the messages' links for the reader; null for a list without any.</param>
internal sealed class MessageChunks(RenderedRows rows, TimeZoneInfo zone, RowQuotes? quotes = null)
{
    /// <summary>The most messages of a chunk. A chunk begins at each sequence that this divides.</summary>
    public const int Size = 25;

    private static readonly TimeSpan GroupSpan = TimeSpan.FromMinutes(5);

    private MessageChunk[] _chunks = [];
    private long _firstUnread;

    public static bool IsStart(MessageView message) => message.Sequence % Size == 0;

    /// <summary>Returns the chunks of these messages; chunks without a change are the same instances as before.</summary>
    /// <param name="messages">In order.</param>
    /// <param name="firstUnread">Sequence of the message below the mark of new messages; 0 for none.</param>
    public IReadOnlyList<MessageChunk> Update(IReadOnlyList<MessageView> messages, long firstUnread)
    {
        var chunks = new List<MessageChunk>(_chunks.Length + 1);
        var isMoved = firstUnread != _firstUnread;
        var next = 0;
        for (var start = 0; start < messages.Count;)
        {
            var first = messages[start];
            while (next < _chunks.Length && _chunks[next].First < first.Sequence)
                next++;
            var known = next < _chunks.Length && _chunks[next].First == first.Sequence ? _chunks[next++] : null;
            if (isMoved && known?.Rows.Any(row => row.Message.Sequence == firstUnread || row.IsFirstUnread) == true)
                known = null;
            // Older messages before a known chunk get their own chunk, so that the known one is not rendered again.
            var limit = Math.Min((first.Sequence / Size * Size) + Size, next < _chunks.Length ? _chunks[next].First : long.MaxValue);
            var end = start + 1;
            while (end < messages.Count && messages[end].Sequence < limit)
                end++;
            var before = start > 0 ? messages[start - 1] : null;
            chunks.Add(known is not null && Shows(known, messages, start, end, before) ? known : Make(messages, start, end, before, known, firstUnread));
            start = end;
        }

        _firstUnread = firstUnread;
        return _chunks = [.. chunks];
    }

    private bool Shows(MessageChunk chunk, IReadOnlyList<MessageView> messages, int start, int end, MessageView? before)
    {
        if (chunk.Rows.Count != end - start || !ReferenceEquals(chunk.Before, before))
            return false;
        for (var i = start; i < end; i++)
        {
            if (!Shows(chunk.Rows[i - start], messages[i]))
                return false;
        }

        return true;
    }

    private bool Shows(MessageChunkRow row, MessageView message) => ReferenceEquals(row.Message, message) && row.Cards == quotes?.HtmlOf(message);

    private MessageChunk Make(
        IReadOnlyList<MessageView> messages, int start, int end, MessageView? before, MessageChunk? known, long firstUnread)
    {
        var made = new MessageChunkRow[end - start];
        var previous = before;
        for (var i = 0; i < made.Length; i++)
        {
            var message = messages[start + i];
            var isKnown = known is not null && i < known.Rows.Count && Shows(known.Rows[i], message)
                && ReferenceEquals(i > 0 ? known.Rows[i - 1].Message : known.Before, previous);
            made[i] = isKnown ? known!.Rows[i] : Make(message, previous, firstUnread);
            previous = message;
        }

        return new MessageChunk(before, made);
    }

    private MessageChunkRow Make(MessageView message, MessageView? previous, long firstUnread)
    {
        var day = DayOf(message);
        var startsDay = previous is null || DayOf(previous) != day;
        var isFirstUnread = message.Sequence == firstUnread;
        var startsGroup = startsDay
            || isFirstUnread
            || previous!.AuthorId != message.AuthorId
            || previous is { IsThreadRow: true, Sequence: 0 }
            || ActionText.Is(previous.Html)
            || message.SentAt - previous.SentAt >= GroupSpan;
        quotes?.Add(message);
        var cards = quotes?.HtmlOf(message);
        return new MessageChunkRow(
            message,
            startsGroup,
            startsDay ? day : null,
            isFirstUnread,
            cards,
            rows.HtmlOf(message, startsGroup, cards));
    }

    private DateTime DayOf(MessageView message) => TimeZoneInfo.ConvertTimeFromUtc(message.SentAt, zone).Date;
}
