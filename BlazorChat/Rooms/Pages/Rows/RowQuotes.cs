using BlazorChat.Rooms.Quotes;

namespace BlazorChat.Rooms.Pages.Rows;

/// <summary>
/// The cards of the links in a list of messages, for its reader. A card is read again when its row changes, when the message that it shows changes in
/// the same room, and when rights may have changed. A list without links holds nothing here.
/// </summary>
internal sealed class RowQuotes(QuoteLinks links, RenderedRows rows, string baseUri)
{
    /// <summary>Those that were read; null for one that the reader gets no card of.</summary>
    private readonly Dictionary<QuoteAddress, QuoteView?> _quotes = [];

    /// <summary>The rows with links, by the sequence in the list.</summary>
    private readonly Dictionary<long, LinkedRow> _linked = [];

    private HashSet<QuoteAddress> _stale = [];

    /// <summary>Those that are being read, perhaps from before a change.</summary>
    private IReadOnlyList<QuoteAddress> _reading = [];

    /// <summary>Whether the first rows are made, whose cards may be those of the prerendered page.</summary>
    private bool _hasFirst;

    /// <summary>What a page shows, for its circuit; null for nothing.</summary>
    public IReadOnlyList<QuoteView>? State => _quotes.Values.OfType<QuoteView>().ToArray() is { Length: > 0 } shown ? shown : null;

    /// <summary>Takes what the prerendered page shows.</summary>
    public void Restore(IReadOnlyList<QuoteView> quotes)
    {
        foreach (var quote in quotes)
            _quotes[quote.Address] = quote;
    }

    /// <summary>A row is made for a message. Others were looked at when theirs were made.</summary>
    public void Add(MessageView message)
    {
        var known = _linked.GetValueOrDefault(message.Sequence);
        if (known is not null && ReferenceEquals(known.Message, message))
            return;
        if (message.DeletedAt is null && links.Find(message.Html, baseUri) is { Count: > 0 } addresses)
        {
            if (known is not null || _hasFirst)
                _stale.UnionWith(addresses);
            _linked[message.Sequence] = new LinkedRow(message, addresses);
        }
        else
        {
            _linked.Remove(message.Sequence);
        }
    }

    /// <summary>Forgets the messages that are no longer in the list.</summary>
    public void Retain(IReadOnlyList<MessageView> messages)
    {
        if (_linked.Count == 0)
        {
            _quotes.Clear();
            _stale.Clear();
            return;
        }

        var shown = messages.Select(message => message.Sequence).ToHashSet();
        foreach (var sequence in _linked.Keys.Where(sequence => !shown.Contains(sequence)).ToArray())
            _linked.Remove(sequence);
        var named = _linked.Values.SelectMany(row => row.Addresses).ToHashSet();
        foreach (var address in _quotes.Keys.Where(address => !named.Contains(address)).ToArray())
            _quotes.Remove(address);
        _stale.IntersectWith(named);
    }

    /// <summary>Messages of the room have changed; returns whether a card shows one of them.</summary>
    public bool Expire(IEnumerable<MessageView> changed)
    {
        if (_quotes.Count == 0 && _reading.Count == 0)
            return false;
        HashSet<(int RoomId, long Key)> keys = [];
        HashSet<QuoteAddress> addresses = [];
        foreach (var message in changed)
        {
            keys.Add((message.RoomId, message.Key));
            addresses.Add(new QuoteAddress(message.RoomId, message.Key, 0));
            if (message is { ThreadRoot: { } root, ReplyNumber: { } number })
                addresses.Add(new QuoteAddress(message.RoomId, root, number));
        }

        var expired = _quotes.Values.OfType<QuoteView>().Where(quote => keys.Contains((quote.Address.RoomId, quote.Key))).Select(quote => quote.Address)
            .Concat(_reading.Where(addresses.Contains))
            .ToArray();
        _stale.UnionWith(expired);
        return expired.Length > 0;
    }

    /// <summary>Rights may have changed.</summary>
    public void ExpireAll() => _stale.UnionWith(_quotes.Keys.Concat(_reading));

    /// <summary>Returns the addresses to read now, for <see cref="Set"/> or <see cref="Return"/>.</summary>
    public IReadOnlyList<QuoteAddress> TakeWanted()
    {
        _hasFirst = true;
        if (_linked.Count == 0)
            return [];
        _reading = [.. _linked.Values.SelectMany(row => row.Addresses).Where(address => !_quotes.ContainsKey(address)).Concat(_stale).Distinct()];
        _stale = [];
        return _reading;
    }

    /// <summary>They could not be read.</summary>
    public void Return(IEnumerable<QuoteAddress> wanted)
    {
        _stale.UnionWith(wanted.Where(_quotes.ContainsKey));
        _reading = [];
    }

    public void Set(IEnumerable<QuoteAddress> wanted, IReadOnlyList<QuoteView> found)
    {
        _reading = [];
        var quotes = found.ToDictionary(quote => quote.Address);
        HashSet<QuoteAddress> changed = [];
        foreach (var address in wanted)
        {
            var quote = quotes.GetValueOrDefault(address);
            if (_quotes.GetValueOrDefault(address) != quote)
                changed.Add(address);
            _quotes[address] = quote;
        }

        foreach (var row in _linked.Values.Where(row => row.Addresses.Any(changed.Contains)))
            row.Html = null;
    }

    /// <summary>The cards of a row; null for none.</summary>
    public string? HtmlOf(MessageView message)
    {
        if (_linked.Count == 0 || _linked.GetValueOrDefault(message.Sequence) is not { } row)
            return null;
        if (row.Html is null)
        {
            QuoteView[] shown = [.. row.Addresses.Select(address => _quotes.GetValueOrDefault(address)).OfType<QuoteView>()];
            row.Html = shown.Length == 0 ? "" : rows.RenderCards(shown);
        }

        return row.Html.Length == 0 ? null : row.Html;
    }

    private sealed class LinkedRow(MessageView message, IReadOnlyList<QuoteAddress> addresses)
    {
        public MessageView Message => message;

        public IReadOnlyList<QuoteAddress> Addresses => addresses;

        /// <summary>Null when it has to be rendered; empty for no cards.</summary>
        public string? Html { get; set; }
    }
}
