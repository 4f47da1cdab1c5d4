using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Pages.Rows;
using BlazorChat.Rooms.Quotes;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Rooms.Pages.Rows;

/// <summary>When the cards of a list are read, and which of its rows are rendered again.</summary>
public sealed class RowQuotesTests : IDisposable
{
    private static readonly QuoteAddress First = new(1, 1, 0);
    private static readonly QuoteAddress Reply = new(1, 2, 3);

    private readonly RenderedRows _rows = new(NullLoggerFactory.Instance);
    private readonly RowQuotes _quotes;

    public RowQuotesTests() => _quotes = new RowQuotes(new QuoteLinks(new ConfigurationBuilder().Build()), _rows, "http://localhost/");

    public void Dispose() => _rows.Dispose();

    [Fact]
    public void A_change_during_the_first_read_is_read_again()
    {
        _quotes.Add(Row(10, First));
        _quotes.Add(Row(11, Reply));

        Read(() => Assert.True(_quotes.Expire([Message(1, "")])));
        Assert.Equal([First], Read(() => Assert.True(_quotes.Expire([Message(20, "") with { ThreadRoot = 2, ReplyNumber = 3 }]) && !_quotes.Expire([Message(2, "")]))));
        Assert.Equal([Reply], Read());
        Assert.Empty(_quotes.TakeWanted());

        _quotes.ExpireAll();
        Assert.Equal([First, Reply], Read(_quotes.ExpireAll).Order(Comparer<QuoteAddress>.Create((a, b) => a.Message.CompareTo(b.Message))));
        Assert.Equal(2, Read().Count);
        Assert.Empty(_quotes.TakeWanted());
    }

    [Fact]
    public void A_new_row_reads_what_another_row_shows_and_a_prerendered_page_nothing()
    {
        _quotes.Restore([Quote(First, "old")]);
        _quotes.Add(Row(10, First));
        _quotes.Add(Row(11, First));
        Assert.Empty(_quotes.TakeWanted());

        _quotes.Add(Row(12, First));
        Assert.Equal([First], Read());

        // Without a row with a link, nothing stays.
        _quotes.ExpireAll();
        _quotes.Retain([Message(13, "")]);
        Assert.Null(_quotes.State);
        Assert.False(_quotes.Expire([Message(1, "")]));
        _quotes.Add(Row(14, Reply));
        Assert.Equal([Reply], Read());
    }

    [Fact]
    public void Only_rows_whose_cards_have_changed_are_rendered_again()
    {
        var (first, reply) = (Row(10, First), Row(11, Reply));
        _quotes.Add(first);
        _quotes.Add(reply);
        Read();
        var before = (First: _quotes.HtmlOf(first), Reply: _quotes.HtmlOf(reply));

        _quotes.ExpireAll();
        _quotes.Set(_quotes.TakeWanted(), [Quote(First, "new"), Quote(Reply, "old")]);

        Assert.Same(before.Reply, _quotes.HtmlOf(reply));
        Assert.NotEqual(before.First, _quotes.HtmlOf(first));
    }

    /// <summary>Reads what is wanted.</summary>
    /// <param name="meanwhile">What happens before the answer.</param>
    private IReadOnlyList<QuoteAddress> Read(Action? meanwhile = null)
    {
        var wanted = _quotes.TakeWanted();
        meanwhile?.Invoke();
        _quotes.Set(wanted, [.. wanted.Select(address => Quote(address, "old"))]);
        return wanted;
    }

    private static QuoteView Quote(QuoteAddress address, string text) =>
        new(address, address.Reply > 0 ? 20 : address.Message, RoomKind.Open, "Room", "Ada", DateTime.UnixEpoch, text);

    private static MessageView Row(long sequence, QuoteAddress address) =>
        Message(sequence, $"<a href=\"/rooms/{address.RoomId}/{address.Message}{(address.Reply > 0 ? $"/{address.Reply}" : "")}\">link</a>");

    private static MessageView Message(long sequence, string html) =>
        new(RoomId: 1, sequence, Revision: sequence, AuthorId: 1, "Ada", Guid.NewGuid(), "", html, DateTime.UnixEpoch);
}
