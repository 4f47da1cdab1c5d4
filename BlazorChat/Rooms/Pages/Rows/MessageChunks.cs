namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>A row of the list.</summary>
/// <param name="Day">What stands above the first message of a day; null above others.</param>
/// <param name="IsFirstUnread">Whether the mark of what is new stands above it.</param>
public sealed record MessageChunkRow(MessageView Message, bool StartsGroup, DateTime? Day, bool IsFirstUnread, string Html);

/// <summary>Rows that follow each other; it never changes, so a component that shows the same one again need not render.</summary>
/// <param name="Before">The message above the first one, on which its look depends; null for none.</param>
public sealed record MessageChunk(MessageView? Before, IReadOnlyList<MessageChunkRow> Rows)
{
    /// <summary>Sequence of its first message, by which it is known: it grows at its end alone.</summary>
    public long First { get; } = Rows[0].Message.Sequence;
}

/// <summary>
/// The list of messages in stretches, so that what arrives renders the last one alone, however many are on the page.
/// </summary>
internal sealed class MessageChunks(RenderedRows rows, TimeZoneInfo zone)
{
    /// <summary>The most messages of a stretch; one begins where this divides the sequence.</summary>
    public const int Size = 25;

    private static readonly TimeSpan GroupSpan = TimeSpan.FromMinutes(5);

    private MessageChunk[] _chunks = [];

    public static bool IsStart(MessageView message) => message.Sequence % Size == 0;

    /// <summary>The chunks of these messages; those of unchanged ones are the same instances as before.</summary>
    /// <param name="messages">In order.</param>
    /// <param name="firstUnread">Sequence of the message below the mark of what is new; 0 for none.</param>
    public IReadOnlyList<MessageChunk> Update(IReadOnlyList<MessageView> messages, long firstUnread)
    {
        var chunks = new List<MessageChunk>(_chunks.Length + 1);
        var next = 0;
        for (var start = 0; start < messages.Count;)
        {
            var first = messages[start];
            while (next < _chunks.Length && _chunks[next].First < first.Sequence)
                next++;
            var known = next < _chunks.Length && _chunks[next].First == first.Sequence ? _chunks[next++] : null;
            // What comes before a chunk makes one of its own, so that no row that is on the page is written anew.
            var limit = Math.Min((first.Sequence / Size * Size) + Size, next < _chunks.Length ? _chunks[next].First : long.MaxValue);
            var end = start + 1;
            while (end < messages.Count && messages[end].Sequence < limit)
                end++;
            var before = start > 0 ? messages[start - 1] : null;
            chunks.Add(known is not null && Shows(known, messages, start, end, before) ? known : Make(messages, start, end, before, known, firstUnread));
            start = end;
        }

        return _chunks = [.. chunks];
    }

    private static bool Shows(MessageChunk chunk, IReadOnlyList<MessageView> messages, int start, int end, MessageView? before)
    {
        if (chunk.Rows.Count != end - start || !ReferenceEquals(chunk.Before, before))
            return false;
        for (var i = start; i < end; i++)
        {
            if (!ReferenceEquals(chunk.Rows[i - start].Message, messages[i]))
                return false;
        }

        return true;
    }

    private MessageChunk Make(
        IReadOnlyList<MessageView> messages, int start, int end, MessageView? before, MessageChunk? known, long firstUnread)
    {
        var made = new MessageChunkRow[end - start];
        var previous = before;
        for (var i = 0; i < made.Length; i++)
        {
            var message = messages[start + i];
            var isKnown = known is not null && i < known.Rows.Count && ReferenceEquals(known.Rows[i].Message, message)
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
            || message.SentAt - previous.SentAt >= GroupSpan;
        return new MessageChunkRow(
            message,
            startsGroup,
            startsDay ? day : null,
            isFirstUnread,
            rows.HtmlOf(message, startsGroup));
    }

    private DateTime DayOf(MessageView message) => TimeZoneInfo.ConvertTimeFromUtc(message.SentAt, zone).Date;
}
