using System.Security.Claims;
using BlazorChat.Accounts.Rights;
using BlazorChat.Data.Entities.Rooms;
using BlazorChat.Markup;
using BlazorChat.Rooms;
using BlazorChat.Rooms.Directory;
using BlazorChat.Rooms.Quotes;

namespace BlazorChat.Tests.Rooms.Quotes;

/// <summary>Which messages a text links to, and who gets a card of them.</summary>
public sealed class QuotedMessagesTests : IAsyncLifetime
{
    private TestDatabase _site = default!;
    private ClaimsPrincipal _ada = default!;
    private ClaimsPrincipal _zoe = default!;

    private QuotedMessages Quoted => _site.Services.GetRequiredService<QuotedMessages>();

    public async ValueTask InitializeAsync()
    {
        _site = await TestDatabase.CreateAsync();
        _ada = await _site.AddPersonAsync("Ada");
        _zoe = await _site.AddPersonAsync("Zoe");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_card_is_for_those_who_may_read_the_room_now()
    {
        var open = await _site.Rooms.CreateAsync(_ada, "Open", default);
        var hidden = await _site.Rooms.CreateAsync(_ada, "Hidden", RoomKind.Private, default);
        var direct = await _site.DirectRooms.OpenAsync(_ada, [_zoe.UserId], default);
        await SendAsync(open.Id, "**Hello** @zoe, all");
        await SendAsync(hidden.Id, "secret");
        await SendAsync(direct.RoomId, "between us");
        var reply = await _site.Conversation.ReplyAsync(_ada, open.Id, 1, Guid.NewGuid(), "a ||hidden|| reply", [], isInRoom: false, default);
        QuoteAddress[] addresses = [new(open.Id, 1, 0), new(open.Id, 1, 1), new(hidden.Id, 1, 0), new(direct.RoomId, 1, 0), new(open.Id, 9, 0), new(open.Id, 1, 9), new(999, 1, 0)];

        var ada = await Quoted.FindAsync(_ada, addresses, default);
        Assert.Equal(addresses[..4], ada.Select(quote => quote.Address));
        Assert.Equal(["Hello @zoe, all", "a ▒▒▒ reply", "secret", "between us"], ada.Select(quote => quote.Text));
        Assert.Equal(["Open", "Open", "Hidden", "Zoe"], ada.Select(quote => quote.Room));
        Assert.Equal([$"rooms/{open.Id}#m-1", $"rooms/{open.Id}/1/1"], ada.Take(2).Select(quote => quote.Path));
        Assert.Equal((reply.Sequence, "Ada", reply.SentAt), (ada[1].Key, ada[1].Author, ada[1].SentAt));

        // A guest of the open room, and the other person of the direct one.
        var zoe = await Quoted.FindAsync(_zoe, addresses, default);
        Assert.Equal([addresses[0], addresses[1], addresses[3]], zoe.Select(quote => quote.Address));
        Assert.Equal("Ada", zoe[2].Room);
        Assert.Empty(await Quoted.FindAsync(_zoe, [addresses[2]], default));

        await _site.Services.GetRequiredService<RoomSettings>().ChangeAsync(_ada, open.Id, new RoomEdit(Kind: RoomKind.Private), default);
        Assert.Equal([addresses[3]], (await Quoted.FindAsync(_zoe, addresses, default)).Select(quote => quote.Address));
    }

    [Fact]
    public async Task A_card_has_the_text_of_now_and_none_of_a_deleted_message()
    {
        var room = await _site.Rooms.CreateAsync(_ada, "Room", default);
        await SendAsync(room.Id, "first");
        QuoteAddress[] address = [new(room.Id, 1, 0)];

        await _site.Conversation.EditAsync(_ada, room.Id, 1, new string('x', 500), default);
        Assert.Equal(240, Assert.Single(await Quoted.FindAsync(_ada, address, default)).Text.Length);
        await _site.Conversation.DeleteAsync(_ada, room.Id, 1, default);

        Assert.Empty(await Quoted.FindAsync(_ada, address, default));
    }

    [Fact]
    public async Task Simultaneous_readers_share_queries()
    {
        Assert.SkipWhen(TestDatabase.IsOnSqlServer, "The database with a log of its commands is SQLite's.");
        List<ClaimsPrincipal> readers = [];
        for (var i = 0; i < 20; i++)
            readers.Add(await _site.AddPersonAsync($"Person {i}"));
        var room = await _site.Rooms.CreateAsync(_ada, "Room", RoomKind.Private, default);
        foreach (var reader in readers.Skip(1))
            await _site.Rooms.AddMemberAsync(room.Id, reader.UserId, isInvited: true, RoomTexts.Get("RoomNotFound"), default);
        var direct = await _site.DirectRooms.OpenAsync(_ada, [readers[0].UserId, readers[1].UserId], default);
        await SendAsync(room.Id, "hello @ada");
        await SendAsync(room.Id, "second");
        await SendAsync(direct.RoomId, "between us");
        await ReplyAsync(1);
        await ReplyAsync(2);
        await ReplyAsync(2);
        QuoteAddress[] addresses = [new(room.Id, 1, 0), new(room.Id, 1, 1), new(room.Id, 2, 2), new(direct.RoomId, 1, 0)];

        var log = new CommandLog();
        using var quoted = new QuotedMessages(new InterceptedDatabase(_site.DataFolder, log));
        // They wait for the start, and are one batch.
        var reads = readers.Select(reader => quoted.FindAsync(reader, addresses, default)).ToArray();
        await quoted.StartAsync(default);
        var answers = await Task.WhenAll(reads);
        await quoted.StopAsync(default);

        // The rooms, the memberships, the people of the direct room, the replies, the messages of either room, and who is mentioned
        Assert.Equal(7, log.Commands.Count);
        Assert.Equal([addresses[3]], answers[0].Select(quote => quote.Address));
        Assert.Equal(addresses, answers[1].Select(quote => quote.Address));
        Assert.Equal(["Ada, Person 1", "Ada, Person 0"], answers.Take(2).Select(quotes => quotes[^1].Room));
        Assert.All(answers.Skip(2), quotes => Assert.Equal(addresses[..3], quotes.Select(quote => quote.Address)));

        Task ReplyAsync(long root) => _site.Conversation.ReplyAsync(_ada, room.Id, root, Guid.NewGuid(), "reply", [], isInRoom: false, default);
    }

    [Theory]
    [InlineData("/rooms/1#m-42", "1 42 0")]
    [InlineData("/rooms/1/42/7 and /rooms/2/5", "1 42 7, 2 5 0")]
    [InlineData("https://chat.example.org/rooms/1#m-42", "1 42 0")]
    [InlineData("[here](HTTPS://Chat.Example.org:443/rooms/1#m-42)", "1 42 0")]
    [InlineData("http://localhost:5080/rooms/3/4/5", "3 4 5")]
    [InlineData("/rooms/1#m-1 /rooms/1#m-1 /rooms/1#m-2 /rooms/1#m-3 /rooms/1#m-4", "1 1 0, 1 2 0, 1 3 0")]
    // Other sites, other addresses, and text that looks like HTML
    [InlineData("https://example.org/rooms/1#m-42", "")]
    [InlineData("https://chat.example.org:8080/rooms/1#m-42", "")]
    [InlineData("https://chat.example.org@example.org/rooms/1#m-42", "")]
    [InlineData("https://chat.example.org/rooms/1", "")]
    [InlineData("`<a href=\"/rooms/1#m-42\">`", "")]
    [InlineData("/rooms/9999999999#m-42", "")]
    public void Links_to_this_site_are_found(string text, string expected)
    {
        var links = new QuoteLinks(new ConfigurationBuilder().AddInMemoryCollection([new("Shell:PublicUrl", "https://chat.example.org")]).Build());

        var found = links.Find(MarkdownHtml.RenderWithMentions(text), "http://localhost:5080/");

        Assert.Equal(expected, string.Join(", ", found.Select(address => $"{address.RoomId} {address.Message} {address.Reply}")));
    }

    private Task<MessageView> SendAsync(int roomId, string text) => _site.Conversation.SendAsync(_ada, roomId, Guid.NewGuid(), text, default);
}
