using BlazorChat.Rooms;
using BlazorChat.Tests.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorChat.Tests.Rooms;

public sealed class RoomComponentTests : ComponentTest
{
    [Fact]
    public async Task The_room_list_shows_rooms_that_are_created_renamed_and_joined_while_one_looks()
    {
        var zoe = await Place.AddPersonAsync("Zoe");
        var list = Render<RoomListPage>();
        await list.WaitForElementAsync("[data-ready]");
        Assert.Contains("Create the first one", list.Markup, StringComparison.Ordinal);

        var room = await Place.Rooms.CreateAsync(zoe, "<i>Release</i>", default);
        await list.WaitForStateAsync(() => list.FindAll("li bdi").Any(name => name.TextContent == "<i>Release</i>"));
        await Place.Rooms.RenameAsync(zoe, room.Id, "Lobby", default);
        await list.WaitForStateAsync(() => list.FindAll("li bdi").Any(name => name.TextContent == "Lobby"));

        await list.Find("button[aria-label='Join Lobby']").ClickAsync();
        Assert.True((await Place.Rooms.FindAsync(Ada, room.Id, default))!.IsMember);
        Assert.EndsWith($"rooms/{room.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drawer_lists_the_rooms_that_one_is_in()
    {
        var zoe = await Place.AddPersonAsync("Zoe");
        await Place.Rooms.CreateAsync(zoe, "Zoe's", default);
        await Place.Rooms.CreateAsync(Ada, "Ada's", default);
        var nav = Render<RoomNav>();

        await nav.WaitForStateAsync(() => nav.FindAll("li").Count == 1);

        Assert.Equal("Ada's", nav.Find("li bdi").TextContent);
    }

    [Fact]
    public async Task The_chat_pane_shows_what_is_said_in_order_and_once()
    {
        var room = await Place.Rooms.CreateAsync(Ada, "Room", default);
        await SayAsync(room, "before");
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => SayAsync(room, $"message {i}"))));
        await pane.WaitForStateAsync(() => pane.FindAll("article").Count == 41);

        Assert.Equal(
            Enumerable.Range(1, 41).Select(i => $"{i}"),
            pane.FindAll("article").Select(row => row.GetAttribute("data-sequence")));
    }

    [Fact]
    public async Task A_guest_of_a_room_can_read_and_is_asked_to_join()
    {
        var zoe = await Place.AddPersonAsync("Zoe");
        var room = await Place.Rooms.CreateAsync(zoe, "Room", default);
        var seen = await Place.Rooms.FindAsync(Ada, room.Id, default);

        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, seen!));

        Assert.Equal("Join to write", pane.Find(".chat-join button").TextContent);
        Assert.Empty(pane.FindAll("textarea"));
    }

    [Fact]
    public async Task The_composer_says_what_became_of_a_message()
    {
        var room = await Place.Rooms.CreateAsync(Ada, "Room", default);
        var pane = Render<ChatPane>(parameters => parameters.Add(p => p.Room, room));
        var composer = pane.FindComponent<Composer>();
        Assert.Equal("Message #Room", pane.Find("textarea").GetAttribute("aria-label"));

        var accepted = await pane.InvokeAsync(() => composer.Instance.SendAsync(Guid.NewGuid(), "hello"));
        var empty = await pane.InvokeAsync(() => composer.Instance.SendAsync(Guid.NewGuid(), "  "));
        await Place.Rooms.LeaveAsync(Ada, room.Id, default);
        var outside = await pane.InvokeAsync(() => composer.Instance.SendAsync(Guid.NewGuid(), "hello?"));

        Assert.Equal(SendResult.Accepted, accepted);
        Assert.Equal(new SendResult(SendStatus.Refused, "Write something first."), empty);
        Assert.Equal(new SendResult(SendStatus.Refused, "Join the room to write in it."), outside);
    }

    [Fact]
    public void A_message_row_shows_its_author_as_text_and_the_time_in_the_readers_zone()
    {
        Services.GetRequiredService<BlazorChat.Accounts.ReaderTimeZone>().Id = "Asia/Seoul";
        var sent = new DateTime(2026, 1, 1, 23, 30, 0, DateTimeKind.Utc);
        var message = new MessageView(1, 7, 7, 2, "<b>Zoë</b>", Guid.NewGuid(), "", "<p>hi <em>there</em></p>", sent);

        var row = Render<MessageRow>(parameters => parameters.Add(p => p.Message, message).Add(p => p.StartsGroup, true));

        Assert.Equal("<b>Zoë</b>", row.Find(".message-author").TextContent);
        Assert.Equal("there", row.Find(".message-text em").TextContent);
        Assert.Contains("8:30", row.Find("time").TextContent, StringComparison.Ordinal);
        Assert.Equal(sent, DateTime.Parse(row.Find("time").GetAttribute("datetime")!, System.Globalization.CultureInfo.InvariantCulture).ToUniversalTime());
    }

    [Fact]
    public void A_message_row_renders_again_only_when_its_message_changed()
    {
        var message = new MessageView(1, 7, 7, 2, "Zoe", Guid.NewGuid(), "", "<p>one</p>", DateTime.UnixEpoch);
        var row = Render<MessageRow>(parameters => parameters.Add(p => p.Message, message));

        row.Render(parameters => parameters.Add(p => p.Message, message with { }));
        Assert.Equal(1, row.RenderCount);
        row.Render(parameters => parameters.Add(p => p.Message, message with { Revision = 9, Html = "<p>two</p>" }));
        Assert.Equal(2, row.RenderCount);
        Assert.Equal("two", row.Find("p").TextContent);
    }

    [Fact]
    public void The_message_list_divides_days_and_groups_by_author_and_five_minutes()
    {
        var start = new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        MessageView[] messages =
        [
            Message(1, author: 1, start),
            Message(2, author: 1, start.AddMinutes(4)),
            Message(3, author: 1, start.AddMinutes(10)),
            Message(4, author: 2, start.AddMinutes(11)),
            Message(5, author: 2, start.AddDays(1)),
        ];

        var list = Render<MessageList>(parameters => parameters.Add(p => p.RoomName, "Room").Add(p => p.Messages, messages));

        Assert.Equal(2, list.FindAll(".messages-day").Count);
        Assert.Equal(
            ["1", "3", "4", "5"],
            list.FindAll("article.message-first").Select(row => row.GetAttribute("data-sequence")));
        Assert.Equal("log", list.Find(".messages").GetAttribute("role"));
    }

    private static MessageView Message(long sequence, int author, DateTime sent) =>
        new(1, sequence, sequence, author, $"Author {author}", Guid.NewGuid(), "", "<p>x</p>", sent);

    private Task<MessageView> SayAsync(RoomView room, string text) =>
        Place.Conversation.SendAsync(Ada, room.Id, Guid.NewGuid(), text, default);
}
